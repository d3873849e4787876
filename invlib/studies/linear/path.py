"""The path λ ↦ Ŵ_reg(λ) on images, from almost no penalty to almost hard-wired (Theorem 9).

No training: closed forms of all strengths and subsets at once. A strength λ is the one of training
in this book, where the squared error is a mean over samples and classes; eq. 7 of the paper has λ
times the number of classes.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from invlib.closed_form import constrained_optimum, regularized_optimum
from invlib.closed_form.path import RegularizedPath, regularized_path
from invlib.config import option
from invlib.errors import UsageError
from invlib.experiment import Experiment, Outcome, Report
from invlib.groups import rotations
from invlib.methods.mean_squared_error import MeanSquaredError
from invlib.metrics import noninvariant_part
from invlib.studies.linear.optimum import augmented_accuracy
from invlib.studies.linear.sample import CLASSES, Sample, training_subsets, unseen_images
from invlib.studies.linear.steps import decades, largest_steps, relative_gap

REFINEMENTS = (1, 2, 4, 8)  # of the grid over the whole path
NEAR = (8, 64, 512)  # of the grid within a tenth of a decade around the smallest gap


@dataclass(frozen=True)
class Path(Sample):
    """A path over decades of strengths; the seed chooses the subset."""

    hidden: int = option(5, "hidden units: the rank bound", low=1, high=CLASSES)
    weakest: int = option(-6, "power of ten of the weakest penalty", low=-9, high=9)
    strongest: int = option(6, "power of ten of the strongest penalty", low=-9, high=9)
    per_decade: int = option(5, "strengths per decade", low=1, high=100)

    def check(self) -> None:
        if self.strongest < self.weakest + 2:
            raise UsageError(
                f"parameter strongest is {self.strongest}; it must be at least two decades above "
                f"weakest, which is {self.weakest}."
            )

    def strengths(self) -> Tensor:
        return decades(self.weakest, self.strongest, self.per_decade)


def follow(config: Path, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """Along the path of every seed: distance to Ŵ_inv, invariance, losses, accuracies."""
    group = rotations(config.side)
    X, Y = training_subsets(config, seeds)
    path = regularized_path(X, Y, group)
    W = path.maps(CLASSES * config.strengths(), config.hidden).movedim(1, 0)  # strengths first
    hard_wired = torch.stack(
        [constrained_optimum(x, y, group, config.hidden) for x, y in zip(X, Y, strict=True)]
    )
    size = _norm(hard_wired)
    plain = MeanSquaredError().on(X, Y)
    augmented = MeanSquaredError().on_orbits(X, Y, group)
    report(f"path on {config.dataset}, {len(seeds)} seeds", 0.3)
    points = {
        "distance": _norm(W - hard_wired) / size,
        "norm": _norm(W),
        "noninvariant_norm": _norm(noninvariant_part(W, group)),
        "invariance_error": _norm(W @ group.constraint()),
        "loss": plain.value(W),
        "augmented_loss": augmented.value(W),
        "accuracy": torch.stack([augmented_accuracy(w, X, Y, group) for w in W]),
    }
    unseen_X, unseen_Y = unseen_images(config)
    points["test_accuracy"] = torch.stack(
        [augmented_accuracy(w, unseen_X, unseen_Y, group) for w in W]
    )
    metrics = {
        **_continuity(config, path, size),
        **_limits(config, path, X, Y, hard_wired, points),
        "inv_loss": plain.value(hard_wired),
        "inv_augmented_loss": augmented.value(hard_wired),
        "inv_accuracy": augmented_accuracy(hard_wired, X, Y, group),
        "inv_test_accuracy": augmented_accuracy(hard_wired, unseen_X, unseen_Y, group),
    }
    values = path.singular_values(CLASSES * config.strengths())
    report(f"path on {config.dataset}, {len(seeds)} seeds", 1.0)
    strengths = config.strengths().numpy()
    return [
        Outcome(
            metrics={name: float(value[i]) for name, value in metrics.items()},
            curves={"strength": strengths} | {k: v[:, i].numpy() for k, v in points.items()},
            arrays={"singular_values": values[i].numpy().astype(np.float32)},
        )
        for i in range(len(seeds))
    ]


def _continuity(config: Path, path: RegularizedPath, size: Tensor) -> dict[str, Tensor]:
    """Steps on refined grids relative to ‖Ŵ_inv‖; the smallest gap and the smallest σ."""
    span = (config.weakest, config.strongest)
    densities = [config.per_decade * f for f in REFINEMENTS]
    steps = largest_steps(path, config.hidden, span, densities, CLASSES) / size[:, None]
    finest = decades(*span, densities[-1])
    values = path.singular_values(CLASSES * torch.cat([torch.tensor([0.0, math.inf]), finest]))
    gaps = relative_gap(values, config.hidden)
    found = {f"step_{f}": steps[:, i] for i, f in enumerate(REFINEMENTS)}
    found["least_gap"] = gaps.amin(-1)
    found["least_gap_strength"] = finest[gaps[:, 2:].argmin(-1)]
    for f in NEAR:
        offsets = decades(-0.1, 0.1, config.per_decade * f)
        around = found["least_gap_strength"].unsqueeze(-1) * offsets
        moved = path.maps(CLASSES * around, config.hidden).diff(dim=-3)
        found[f"near_{f}"] = _norm(moved).amax(-1) / size
    found["least_singular"] = (values[..., -1] / values[..., 0]).amin(-1)
    return found


def _limits(
    config: Path,
    path: RegularizedPath,
    X: Tensor,
    Y: Tensor,
    hard_wired: Tensor,
    points: dict[str, Tensor],
) -> dict[str, Tensor]:
    """Where the path comes from and goes to, and whether the invariance error ever rises.

    The path's own ends are the limits of eq. 7 at λ → 0 and λ → ∞; they are held against the
    unpenalized optimum of least norm and against Theorem 6.
    """
    group = rotations(config.side)
    ends = path.maps(torch.tensor([0.0, math.inf]), config.hidden)
    unpenalized = torch.stack(
        [regularized_optimum(x, y, group, config.hidden, 0.0) for x, y in zip(X, Y, strict=True)]
    )
    loss = MeanSquaredError().on(X, Y).value
    error = points["invariance_error"]
    return {
        "distance_strongest": points["distance"][-1],
        "distance_decade_before": points["distance"][-1 - config.per_decade],
        "distance_limit": _norm(ends[:, 1] - hard_wired) / _norm(hard_wired),
        "loss_weakest": points["loss"][0],
        "loss_unpenalized": loss(unpenalized),
        "distance_at_zero": _norm(ends[:, 0] - unpenalized) / _norm(unpenalized),
        "rises": (error.diff(dim=0) > 0).sum(0),
        "least_invariance_error": (error / points["norm"]).amin(0),
    }


def _norm(W: Tensor) -> Tensor:
    return torch.linalg.matrix_norm(W)


EXPERIMENT = Experiment(
    name="linear/path",
    module="invlib.studies.linear.path",
    attribute="EXPERIMENT",
    config=Path,
    data=lambda config: config.dataset,
    run=follow,
    label=lambda config: "path",
)
