"""How a check answers: in words, never with an exception that would stop a notebook."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """True if nothing is wrong. As the last line of a cell it shows its words."""

    wrong: str = ""

    def __bool__(self) -> bool:
        return not self.wrong

    def __repr__(self) -> str:
        return f"Not yet: {self.wrong}" if self.wrong else "Correct."
