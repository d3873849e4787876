"""Augmentation with a part of the orbit, or with unequal weights: what becomes of Theorem 12.

Images and quarter turns. The weights w_k of the four turns may be 0 for some, and may lean towards
the plain image. Second moments carry the data, so that a thousand images cost no more than a few.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from invlib.closed_form import constrained_optimum
from invlib.closed_form.representations import augmented_optimum_over, compressed
from invlib.config import option
from invlib.errors import UsageError
from invlib.experiment import Experiment, Outcome, Report
from invlib.groups import Group, rotations
from invlib.studies.linear.optimum import augmented_accuracy
from invlib.studies.linear.sample import CLASSES, Sample, training_subsets

ALL = (0, 1, 2, 3)


@dataclass(frozen=True)
class PartialOrbit(Sample):
    """Which quarter turns are shown, and how much the plain image outweighs them."""

    hidden: int = option(5, "hidden units: the rank bound", low=1, high=CLASSES)
    turns: tuple[int, ...] = option(ALL, "the quarter turns that are shown", low=0, high=3)
    lean: float = option(0.0, "0: all shown turns weigh the same; 1: turn 0 only", low=0, high=1)

    def check(self) -> None:
        if self.lean and 0 not in self.turns:
            raise UsageError("parameter lean needs turn 0 among turns.")

    @property
    def weights(self) -> Tensor:
        """One weight for each of the four turns; they add up to 1."""
        found = torch.zeros(4, dtype=torch.float64)
        found[list(self.turns)] = (1 - self.lean) / len(self.turns)
        found[0] += self.lean
        return found

    @property
    def label(self) -> str:
        """The turns, as in turns-0-2, and the lean if there is one."""
        name = "-".join(["turns", *map(str, self.turns)])
        return f"{name}+lean={self.lean:g}" if self.lean else name


def orbit_loss(W: Tensor, X: Tensor, Y: Tensor, group: Group) -> Tensor:
    """Σ_g ‖W ρ(g) X − Y‖², what problem 9 minimizes, up to a factor."""
    return (group.orbit(X) @ W.mT - Y.unsqueeze(-2)).square().sum()


def wobble(W: Tensor, moved: Tensor) -> float:
    """How much predictions change along an orbit, moved [n, copies, pixels]: a share of their norm.

    0 means that every copy of an image gets the same prediction.
    """
    predictions = moved @ W.mT
    mean = predictions.mean(-2, keepdim=True)
    return float((predictions - mean).norm() / predictions.norm())


def compare(W: Tensor, X: Tensor, Y: Tensor, group: Group, rank: int) -> dict[str, float]:
    """A map beside the optimum among invariant maps, on the same images and all their turns."""
    best = constrained_optimum(X, Y, group, rank)
    loss, lowest = (orbit_loss(V, X, Y, group) for V in (W, best))
    return {
        "excess": float(loss / lowest) - 1,
        "difference": float((W - best).norm() / best.norm()),
        "wobble": wobble(W, group.orbit(X)),
    }


def solve(config: PartialOrbit, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """The optimum with these weights, how it differs from the invariant one, and what it costs."""
    group, half = rotations(config.side), rotations(config.side, 2)
    matrices = group.matrices()
    X, Y = training_subsets(config, seeds)
    maps, metrics = [], []
    for x, y in zip(X, Y, strict=True):
        few, targets = compressed(x, y)
        W = augmented_optimum_over(few, targets, matrices, config.hidden, config.weights)
        subgroup = constrained_optimum(few, targets, half, config.hidden)
        maps.append(W)
        metrics.append(
            compare(W, few, targets, group, config.hidden)
            | {"half_turn_difference": float((W - subgroup).norm() / subgroup.norm())}
        )
    accuracy = augmented_accuracy(torch.stack(maps), X, Y, group)
    report(f"partial orbits {config.label}, {len(seeds)} seeds", 1.0)
    return [
        Outcome({**found, "accuracy": float(hit)})
        for found, hit in zip(metrics, accuracy, strict=True)
    ]


EXPERIMENT = Experiment(
    name="linear/partial_orbits",
    module="invlib.studies.linear.partial_orbits",
    attribute="EXPERIMENT",
    config=PartialOrbit,
    data=lambda config: config.dataset,
    run=solve,
    label=lambda config: config.label,
)
