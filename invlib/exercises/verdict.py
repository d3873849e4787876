"""How a check answers: in words, never with an exception that would stop a notebook."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    """True if nothing is wrong. As the last line of a cell it shows its words."""

    wrong: str = ""

    def __bool__(self) -> bool:
        return not self.wrong

    def __repr__(self) -> str:
        return f"Not yet: {self.wrong}" if self.wrong else "Correct."


def attempted(attempt: Callable, *arguments: Any) -> tuple[Any, Answer | None]:
    """What a learner's function returns, or what to say where it fails: dots still in it, say."""
    try:
        return attempt(*arguments), None
    except Exception as error:  # noqa: BLE001 - whatever a learner's code raises is told in words
        return None, Answer(f"replace the dots ({type(error).__name__}: {error}).")
