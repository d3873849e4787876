"""What both toy studies share: configurations, and a run that waits."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from invlib.config import Config, option
from invlib.experiment import Outcome, Report


@dataclass(frozen=True)
class Toy(Config):
    """The parameters of a toy notebook."""

    dataset: str = option("digits", "data set", choices=("digits", "photographs"))
    size: int = option(2, "configurations", low=1, high=9)
    pause: float = option(0.0, "seconds that each takes", low=0.0)
    factors: tuple[float, ...] = option((1.0, 2.0), "numbers to multiply with")


@dataclass(frozen=True)
class Step(Config):
    """One configuration."""

    dataset: str = option("digits", "data set")
    index: int = option(0, "which", low=0)
    pause: float = option(0.0, "seconds that it takes", low=0.0)
    factor: float = option(1.0, "the product of the factors")


def outcomes(step: Step, seeds: Sequence[int], report: Report) -> list[Outcome]:
    time.sleep(step.pause)
    report(f"toy {step.index}", 1.0)
    return [Outcome({"value": step.factor * (step.index + 1.0) + seed}) for seed in seeds]
