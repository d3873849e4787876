"""One colour, one marker and one dash per method, the same in the whole book.

Colours are Okabe and Ito's, which stay apart for colour-blind eyes and read on light and dark
pages alike; markers and dashes carry the same distinction without colour.
"""

from dataclasses import dataclass

import seaborn as sns


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
    "regularized-1": Look(_regularized("1"), "#56b4e9", "P", (0, (6, 1, 1, 1))),
}

_OTHERS = ("#8c6d31", "#7b4173", "#637939", "#843c39", "#3182bd")


def looks(labels: list[str]) -> dict[str, Look]:
    """The look of each label; labels without a fixed one (another strength) get the spare ones.

    What stands behind a + in a label (a loss, a learning rate) does not change the way's look.
    """
    ways = {label: label.partition("+")[0] for label in labels}
    strangers = [way for way in dict.fromkeys(ways.values()) if way not in LOOKS]
    spare = {
        way: Look(_words(way), _OTHERS[i % len(_OTHERS)], "x", (0, (5, 1, 1, 1)))
        for i, way in enumerate(strangers)
    }
    return {label: LOOKS.get(way) or spare[way] for label, way in ways.items()}


def graded(values: list) -> dict:
    """A colour for each value of a swept quantity, in its order: dark to light, no method's own."""
    shades = sns.color_palette("flare", len(values)).as_hex()
    return dict(zip(values, shades, strict=True))


def _words(way: str) -> str:
    method, _, strength = way.partition("-")
    return _regularized(strength) if strength else method
