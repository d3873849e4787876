"""Six kinds of criterion, each fixed before the run, each decided on one seed or on the mean.

`data` takes from the records what the criterion looks at, one row per seed; `holds` decides on
one such row; `describe` says in words what was measured. The mean over seeds is a row too.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
import pandas as pd

from invlib.claims.legs import legs_of
from invlib.claims.quantity import Quantity, curve_per_seed, epochs_of, per_seed
from invlib.config import REQUIRED, Config, option
from invlib.errors import InvlibError, unknown
from invlib.studies.study import Runs

UNBOUNDED = 1e300


class Criterion(Protocol):
    """What a claim must meet."""

    def data(self, runs: Runs) -> np.ndarray:
        """What the criterion looks at: [seeds, values]."""

    def holds(self, row: np.ndarray) -> bool:
        """Whether one row meets it."""

    def describe(self, data: np.ndarray) -> str:
        """What was measured, in words."""

    def rule(self) -> str:
        """What must hold, in words."""


@dataclass(frozen=True)
class Value(Config):
    """Ours lies within `tolerance` of the paper's number."""

    quantity: Quantity = option(REQUIRED, "the number of ours")
    tolerance: float = option(REQUIRED, "how far it may be from the paper's", low=0.0)
    paper: float = option(REQUIRED, "the paper's number")

    def data(self, runs: Runs) -> np.ndarray:
        return per_seed(self.quantity, runs)[:, None]

    def holds(self, row: np.ndarray) -> bool:
        return bool(abs(row[0] - self.paper) <= self.tolerance)

    def describe(self, data: np.ndarray) -> str:
        return _spread(data[:, 0])

    def rule(self) -> str:
        return f"{self.quantity.words} within {self.tolerance:g} of {self.paper:g}"


@dataclass(frozen=True)
class Ordering(Config):
    """Each quantity exceeds the one before it by more than `margin`."""

    increasing: tuple[Quantity, ...] = option(REQUIRED, "the quantities, smallest first")
    margin: float = option(0.0, "by how much each must exceed the one before", low=0.0)

    def data(self, runs: Runs) -> np.ndarray:
        return np.stack([per_seed(quantity, runs) for quantity in self.increasing], axis=1)

    def holds(self, row: np.ndarray) -> bool:
        return bool((np.diff(row) > self.margin).all())

    def describe(self, data: np.ndarray) -> str:
        return ", ".join(_spread(column) for column in data.T)

    def rule(self) -> str:
        margin = f", each by more than {self.margin:g}" if self.margin else ""
        return " < ".join(quantity.words for quantity in self.increasing) + margin


@dataclass(frozen=True)
class Ratio(Config):
    """One quantity over another lies between two numbers."""

    of: Quantity = option(REQUIRED, "the numerator")
    to: Quantity = option(REQUIRED, "the denominator")
    between: tuple[float, ...] = option(REQUIRED, "the lowest and the highest ratio allowed")

    def check(self) -> None:
        if len(self.between) != 2 or self.between[0] > self.between[1]:
            raise InvlibError(f"between is {list(self.between)}; it must be [lowest, highest].")

    def data(self, runs: Runs) -> np.ndarray:
        return np.stack([per_seed(self.of, runs), per_seed(self.to, runs)], axis=1)

    def holds(self, row: np.ndarray) -> bool:
        return bool(row[1] != 0 and self.between[0] <= row[0] / row[1] <= self.between[1])

    def describe(self, data: np.ndarray) -> str:
        if (data[:, 1] == 0).any():
            return "undefined: a denominator is 0"
        return _spread(data[:, 0] / data[:, 1])

    def rule(self) -> str:
        low, high = self.between
        return f"{self.of.words} / {self.to.words} between {low:g} and {high:g}"


@dataclass(frozen=True)
class Bound(Config):
    """A quantity stays at or above one number, or at or below one, or both."""

    quantity: Quantity = option(REQUIRED, "the number of ours")
    at_least: float = option(-UNBOUNDED, "the lowest value allowed")
    at_most: float = option(UNBOUNDED, "the highest value allowed")

    def check(self) -> None:
        if self.at_least == -UNBOUNDED and self.at_most == UNBOUNDED:
            raise InvlibError("a bound criterion needs at_least or at_most.")

    def data(self, runs: Runs) -> np.ndarray:
        return per_seed(self.quantity, runs)[:, None]

    def holds(self, row: np.ndarray) -> bool:
        return bool(self.at_least <= row[0] <= self.at_most)

    def describe(self, data: np.ndarray) -> str:
        return _spread(data[:, 0])

    def rule(self) -> str:
        low = f"{self.at_least:g} ≤ " if self.at_least > -UNBOUNDED else ""
        high = f" ≤ {self.at_most:g}" if self.at_most < UNBOUNDED else ""
        return f"{low}{self.quantity.words}{high}"


@dataclass(frozen=True)
class Trend(Config):
    """A curve rises (or falls) over training: its rank correlation with the epoch is high."""

    label: str = option(REQUIRED, "the runs: method and strength")
    curve: str = option(REQUIRED, "a curve of the records")
    direction: str = option(REQUIRED, "where it goes", choices=("up", "down"))
    correlation: float = option(REQUIRED, "the lowest rank correlation", low=0.0, high=1.0)
    last: int = option(REQUIRED, "the last epoch looked at", low=1)
    first: int = option(0, "the first epoch looked at", low=0)

    def data(self, runs: Runs) -> np.ndarray:
        epochs = epochs_of(self.label, runs)
        inside = (epochs >= self.first) & (epochs <= self.last)
        if inside.sum() < 3:
            raise InvlibError(f"fewer than three points between epochs {self.first}-{self.last}.")
        return curve_per_seed(self.label, self.curve, runs)[:, inside]

    def holds(self, row: np.ndarray) -> bool:
        return self._correlation(row) >= self.correlation

    def describe(self, data: np.ndarray) -> str:
        return "rank correlation " + _spread(np.array([self._correlation(row) for row in data]))

    def rule(self) -> str:
        verb = {"up": "rises", "down": "falls"}[self.direction]
        what = f"{self.label} {self.curve.replace('_', ' ')} {verb}"
        span = f"epochs {self.first} to {self.last}"
        return f"{what} over {span}: rank correlation ≥ {self.correlation:g}"

    def _correlation(self, row: np.ndarray) -> float:
        if np.ptp(row) == 0:
            return 0.0  # a flat line goes nowhere
        sign = {"up": 1, "down": -1}[self.direction]
        ranks = pd.Series(row).rank()
        return sign * float(np.corrcoef(np.arange(len(row)), ranks)[0, 1])


@dataclass(frozen=True)
class Turns(Config):
    """A curve goes through these legs and no others, each a rise or a fall by at least `by`."""

    label: str = option(REQUIRED, "the runs: method and strength")
    curve: str = option(REQUIRED, "a curve of the records")
    legs: str = option(REQUIRED, "up and down in turn, as in: down, up, down")
    by: float = option(REQUIRED, "what a leg must climb or fall; less is noise", low=1e-12)

    def check(self) -> None:
        legs = self.legs.split(", ")
        same = any(a == b for a, b in pairwise(legs))
        if same or not set(legs) <= {"up", "down"}:
            raise InvlibError(f"legs is {self.legs!r}; it must be up and down in turn.")

    def data(self, runs: Runs) -> np.ndarray:
        return curve_per_seed(self.label, self.curve, runs)

    def holds(self, row: np.ndarray) -> bool:
        return legs_of(row, self.by) == self.legs

    def describe(self, data: np.ndarray) -> str:
        found = Counter(legs_of(row, self.by) or "flat" for row in data)
        return "; ".join(
            f"{legs} ({count}\u00a0of\u00a0{len(data)})" for legs, count in found.items()
        )

    def rule(self) -> str:
        what = f"{self.label} {self.curve.replace('_', ' ')}"
        return f"{what} goes {self.legs}, each by at least {self.by:g}"


KINDS = {
    "value": Value,
    "ordering": Ordering,
    "ratio": Ratio,
    "bound": Bound,
    "trend": Trend,
    "turns": Turns,
}


def parse_criterion(values: Mapping[str, Any], paper: float | None) -> Criterion:
    """A criterion as a claims file writes it; unknown kinds and keys are refused by name."""
    kind = str(values.get("kind"))
    if kind not in KINDS:
        raise unknown("kind of criterion", kind, KINDS)
    own = {key: value for key, value in values.items() if key != "kind"}
    if kind == "value":
        if paper is None:
            raise InvlibError("a value criterion needs the paper's number.")
        own["paper"] = paper
    return KINDS[kind].parse(own)


def _spread(values: np.ndarray) -> str:
    """Mean ± standard deviation over seeds."""
    if len(values) == 1:
        return _number(values[0])
    return f"{_number(values.mean())}\u00a0±\u00a0{_number(values.std(ddof=1))}"


def _number(value: float) -> str:
    """Three decimals; what these would hide, a rounding error say, by its power of ten."""
    return f"{value:.3f}" if value == 0 or 0.001 <= abs(value) < 1e5 else f"{value:.1e}"
