"""One colour, one marker and one dash per method, the same in the whole book.

Colours are Okabe and Ito's, which stay apart for colour-blind eyes and read on light and dark
pages alike; markers and dashes carry the same distinction without colour.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """How one method is drawn and named."""

    name: str
    colour: str
    marker: str
    dash: str | tuple


def _regularized(strength: str) -> str:
    return f"regularized, λ\u00a0=\u00a0{strength}"


LOOKS = {
    "constrained": Look("constrained (hard-wired)", "#0072b2", "s", "-"),
    "augmented": Look("data augmentation", "#d55e00", "o", "-"),
    "regularized-0.001": Look(_regularized("0.001"), "#e69f00", "v", (0, (1, 1.2))),
    "regularized-0.01": Look(_regularized("0.01"), "#cc79a7", "D", (0, (3, 1.5))),
    "regularized-0.1": Look(_regularized("0.1"), "#009e73", "^", (0, (5, 1.5))),
}

_OTHERS = ("#8c6d31", "#7b4173", "#637939", "#843c39", "#3182bd")


def looks(labels: list[str]) -> dict[str, Look]:
    """The look of each label; labels without a fixed one (another strength) get the spare ones."""
    strangers = [label for label in labels if label not in LOOKS]
    spare = {
        label: Look(_words(label), _OTHERS[i % len(_OTHERS)], "x", (0, (5, 1, 1, 1)))
        for i, label in enumerate(strangers)
    }
    return {label: LOOKS.get(label) or spare[label] for label in labels}


def _words(label: str) -> str:
    method, _, strength = label.partition("-")
    return _regularized(strength) if strength else method
