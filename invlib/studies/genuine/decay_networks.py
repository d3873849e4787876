"""Perceptrons trained with a penalty of the paper's, or with one that holds the logits apart."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import nn

from invlib.config import option
from invlib.errors import UsageError
from invlib.experiment import Report
from invlib.methods.invariance_penalties import PENALTIES
from invlib.methods.scale_free_penalties import CANDIDATES
from invlib.models.perceptron import Perceptron
from invlib.studies.genuine.kinds import Kind, Trained, Training
from invlib.studies.genuine.sample import CLASSES, Parts
from invlib.studies.genuine.training import trained

NONE = "none"  # augmentation alone
ALL = {**PENALTIES, **CANDIDATES}


@dataclass(frozen=True)
class Penalized(Training):
    """One perceptron: its penalty and the strength ν of it."""

    penalty: str = option(NONE, "the penalty", choices=(NONE, *ALL))
    strength: float = option(0.0, "penalty weight ν; 0 where there is no penalty", low=0.0)
    depth: int = option(5, "hidden layers", low=1, high=50)
    width: int = option(64, "hidden units per layer", low=1)

    def check(self) -> None:
        super().check()
        if (self.penalty == NONE) != (self.strength == 0):
            allowed = "0" if self.penalty == NONE else "above 0"
            raise UsageError(
                f"parameter strength is {self.strength:g}; for penalty {self.penalty} it must be "
                f"{allowed}."
            )

    @property
    def place(self) -> str:
        """Data set and group, as labels write them."""
        return f"{self.dataset}-{self.group}"

    @property
    def label(self) -> str:
        strength = "" if self.penalty == NONE else f"-{self.strength:g}"
        return f"{self.place}-{self.penalty}{strength}"


def networks(config: Penalized, seeds: Sequence[int], report: Report | None) -> list[Trained]:
    """The trained networks of a configuration, one per seed."""
    kind = Kind(
        name=config.label.removeprefix(f"{config.place}-"),
        module=__name__,
        build=build,
        penalty=ALL.get(config.penalty),
        strength=config.strength,
    )
    return trained(config, seeds, kind, report)


def build(config: Penalized, parts: Parts, generators: Sequence[torch.Generator]) -> nn.Module:
    """The paper's perceptron."""
    widths = [parts.side**2, *[config.width] * config.depth, CLASSES]
    return Perceptron(widths=widths, activation="relu", generators=generators)
