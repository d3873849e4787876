"""Problems small enough to list all critical points: tiny images, two groups, few classes.

Proposition 13 assumes that XXᵀ has full rank; images of 4x4 pixels give that. With turns there
are fewer orbits d than classes m, with flips it can be the other way round.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from invlib.closed_form import effective_rank
from invlib.closed_form.critical_points import (
    CriticalPoints,
    augmented_critical_points,
    constrained_critical_points,
    regularized_critical_points,
)
from invlib.config import option
from invlib.data.description import Manifest
from invlib.data.manifest import read as read_manifest
from invlib.errors import UsageError
from invlib.groups import Group, flips, rotations
from invlib.methods.mean_squared_error import Quadratic
from invlib.methods.ways import LOSSES, Method, method
from invlib.settings import from_environment
from invlib.studies.linear.optimum import METHODS
from invlib.studies.linear.sample import CLASSES, LEFT_OUT, Sample, training_subsets

GROUPS = {"turns": rotations, "flips": flips}


@dataclass(frozen=True)
class Instance(Sample):
    """One problem: its images, group, classes and rank; the seed chooses the subset."""

    side: int = option(4, "image side in pixels after pooling", low=2)
    group: str = option("turns", "what the map is to ignore", choices=tuple(GROUPS))
    classes: int = option(CLASSES, "digits 0 to this less one", low=2, high=CLASSES)
    hidden: int = option(2, "the rank r", low=1, high=CLASSES)
    method: str = option("constrained", "the way to invariance", choices=METHODS)
    strength: float = option(0.0, "the penalty's weight in eq. 7", low=0.0)

    def check(self) -> None:
        if self.method != "regularized" and self.strength:
            raise UsageError(f"parameter strength is {self.strength}; only regularized takes one.")
        if self.hidden > min(self.orbits, self.classes):
            raise UsageError(
                f"parameter hidden is {self.hidden}; with {self.orbits} orbits under {self.group} "
                f"and {self.classes} classes the rank is at most {min(self.orbits, self.classes)}."
            )

    def check_against(self, manifest: Manifest) -> None:
        super().check_against(manifest)
        available = sum(manifest.split("train").per_class[: self.classes])
        if self.samples > available:
            raise UsageError(
                f"parameter samples is {self.samples}; {manifest.name} has {available} training "
                f"images of the first {self.classes} classes."
            )

    @property
    def label(self) -> str:
        way = f"{self.method}-{self.strength:g}" if self.strength else self.method
        return f"{way}+{self.group}"

    @property
    def orbits(self) -> int:
        """The paper's d: how many directions are invariant."""
        return self.make_group().orbit_basis().shape[1]

    @property
    def paper_count(self) -> int:
        """How many critical points Proposition 13 states."""
        own = min(self.classes, self.side**2)  # its m
        return math.comb(own if self.method == "regularized" else self.orbits, self.hidden)

    def make_group(self) -> Group:
        return GROUPS[self.group](self.side)

    def way(self) -> Method:
        """The mean over classes divides the error, not the penalty; eq. 7 has no such mean."""
        return method(self.method, self.strength / self.classes)


def subsets(instance: Instance, seeds: Sequence[int]) -> tuple[Tensor, Tensor]:
    """Random images of the first classes: X [seeds, samples, pixels], one-hot Y.

    With all classes these are the subsets of every other study. With fewer, more are drawn and
    the others left out.
    """
    drawn = _draw(instance, seeds)
    X, Y = [], []
    for x, y in zip(*drawn, strict=True):
        own = y[:, : instance.classes].any(1).nonzero().flatten()[: instance.samples]
        X.append(x[own])
        Y.append(y[own, : instance.classes])
    X, Y = torch.stack(X), torch.stack(Y)
    for x in X:
        if (rank := effective_rank(x)) < instance.side**2:
            raise UsageError(
                f"parameter side is {instance.side}: the images span {rank} of "
                f"{instance.side**2} directions, but Proposition 13 needs all of them. "
                "Take smaller images or more samples."
            )
    return X, Y


def _draw(instance: Instance, seeds: Sequence[int]) -> tuple[Tensor, Tensor]:
    """Enough images of all classes to hold `samples` of the first ones."""
    values = {name: getattr(instance, name) for name in ("dataset", "side", "pooling")}
    if instance.classes == CLASSES:
        return training_subsets(Sample(**values, samples=instance.samples), seeds)
    manifest = read_manifest(instance.dataset, from_environment())
    instance.check_against(manifest)
    train = manifest.split("train")
    available = train.count - train.per_class[LEFT_OUT]
    share = sum(train.per_class[: instance.classes]) / available
    wanted = math.ceil(1.2 * instance.samples / share) + 100  # many deviations above the mean
    return training_subsets(Sample(**values, samples=min(wanted, available)), seeds)


def loss(instance: Instance, X: Tensor, Y: Tensor) -> Quadratic:
    """The paper's problem (4), (7) or (9), for every seed, in the inputs of its network."""
    mean = instance.way().objective(LOSSES["mse"], X, Y, instance.make_group())
    m = instance.classes
    return Quadratic(m * mean.second, m * mean.cross, m * mean.constant)


def points(instance: Instance, X: Tensor, Y: Tensor, rank: int | None = None) -> CriticalPoints:
    """The critical points of one subset."""
    group, rank = instance.make_group(), rank or instance.hidden
    if instance.method == "constrained":
        return constrained_critical_points(X, Y, group, rank)
    if instance.method == "augmented":
        return augmented_critical_points(X, Y, group, rank)
    return regularized_critical_points(X, Y, group, rank, instance.strength)
