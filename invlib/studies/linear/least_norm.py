"""Whole orbits where augmented images do not span all directions: which optimum is meant decides.

Pixels that are blank in every image, or few images, leave directions that no image has. Many maps
are then optimal; the one of least norm depends on the coordinates in which the norm is taken.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from invlib.closed_form import effective_rank
from invlib.closed_form.representations import (
    augmented_optimum_over,
    compressed,
    invariant_optimum,
)
from invlib.config import option
from invlib.experiment import Experiment, Outcome, Report
from invlib.groups import rotations
from invlib.groups.representation import of_group
from invlib.studies.linear.full_orbits import coordinates as mixing
from invlib.studies.linear.sample import CLASSES, Sample, training_subsets

CONDITION = 10.0  # of the random change of coordinates
COORDINATES = ("pixels", "standardized", "mixed")


@dataclass(frozen=True)
class LeastNorm(Sample):
    """How images are written down: as pixels, each pixel over its spread, or randomly mixed."""

    hidden: int = option(5, "hidden units: the rank bound", low=1, high=CLASSES)
    coordinates: str = option("pixels", "in what coordinates", choices=COORDINATES)


def coordinates(name: str, X: Tensor, seed: int) -> Tensor:
    """T of x' = T x. Dividing a pixel by its standard deviation leaves blank pixels alone."""
    if name == "pixels":
        return torch.eye(X.shape[1], dtype=X.dtype)
    if name == "standardized":
        spread = X.std(0, unbiased=False)
        return torch.where(spread > 0, 1 / spread, 1.0).diag()
    return mixing(X.shape[1], CONDITION, seed)


def solve(config: LeastNorm, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """Both optima of least norm, in the plain norm and in one that the group leaves alone."""
    plain = of_group(rotations(config.side))
    X, Y = training_subsets(config, seeds)
    outcomes = []
    for i, (x, y, seed) in enumerate(zip(X, Y, seeds, strict=True)):
        T = coordinates(config.coordinates, x, seed)
        moved = plain.conjugate(T)
        # Of the forms that the group leaves alone, T Tᵀ is known here without rounding of ρ.
        few, targets = compressed(x @ T.mT, y)
        rows, metrics = moved.invariant_rows(), {}
        for name, form in (("plain", None), ("invariant", T @ T.mT)):
            W = augmented_optimum_over(few, targets, moved.matrices(), config.hidden, form=form)
            best = invariant_optimum(few, targets, rows, config.hidden, form)
            gap, orbit = W - best, moved.orbit(few)
            metrics[f"difference_{name}"] = float(gap.norm() / best.norm())
            metrics[f"on_images_{name}"] = float((orbit @ gap.mT).norm() / (orbit @ best.mT).norm())
        metrics["directions"] = float(effective_rank(moved.orbit(few).flatten(0, 1)))
        report(f"least norm, {config.coordinates}", (i + 1) / len(seeds))
        outcomes.append(Outcome(metrics))
    return outcomes


EXPERIMENT = Experiment(
    name="linear/least_norm",
    module="invlib.studies.linear.least_norm",
    attribute="EXPERIMENT",
    config=LeastNorm,
    data=lambda config: config.dataset,
    run=solve,
    label=lambda config: f"{config.coordinates}-{config.samples}",
)
