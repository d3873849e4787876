"""The theorems of paper linear held against images: brute force, one optimum twice, the path in λ.

No network is trained with gradients here. Alternating least squares from random starts must never
get below the closed forms and must reach them; augmentation and hard-wiring must give one W; and
W_reg(λ) must approach it as 1/λ.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from invlib.closed_form import (
    augmented_optimum,
    augmented_singular_values,
    constrained_optimum,
    constrained_singular_values,
    effective_rank,
    regularized_optimum,
    regularized_singular_values,
)
from invlib.config import option
from invlib.experiment import Experiment, Outcome, Report
from invlib.groups import Group, rotations
from invlib.methods.ways import LOSSES, method
from invlib.studies.linear.optimum import Problem, optimum
from invlib.studies.linear.sample import CLASSES, Sample, training_subsets
from invlib.training.alternating import alternate
from invlib.training.seeds import stream

EXPONENTS = np.arange(-8, 11)  # strengths of the path in λ, as powers of ten
RATE = EXPONENTS >= 4  # where the slope is fitted: the penalty outweighs the data


@dataclass(frozen=True)
class Check(Sample):
    """Images of one size; the seed chooses the subset and the starts."""

    hidden: int = option(5, "hidden units: the rank bound r", low=1, high=CLASSES)
    strengths: tuple[float, ...] = option((0.001, 0.01, 0.1), "penalty weights λ", low=1e-12)
    starts: int = option(10, "random starts of the brute force, per seed", low=1)
    sweeps: int = option(200, "sweeps of alternating least squares", low=1)

    @property
    def label(self) -> str:
        return f"side={self.side}"

    def problems(self) -> list[Problem]:
        """Constrained, augmented, and regularized at each strength."""
        own = {name: getattr(self, name) for name in ("dataset", "side", "pooling", "samples")}
        ways = [Problem(**own, hidden=self.hidden, method=m) for m in ("constrained", "augmented")]
        return ways + [
            Problem(**own, hidden=self.hidden, method="regularized", strength=strength)
            for strength in self.strengths
        ]


def check(config: Check, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """Every comparison on one subset per seed."""
    group = rotations(config.side)
    X, Y = training_subsets(config, seeds)
    gaps: dict[str, Tensor] = {}
    for i, problem in enumerate(config.problems()):
        gaps[problem.label] = _gaps(config, problem, X, Y, group, seeds)
        report(f"brute force {config.label} {problem.label}", (i + 1) / len(config.problems()))
    outcomes = []
    for i in range(len(seeds)):
        found = {}
        for label, gap in gaps.items():
            found[f"lowest_gap_{label}"] = float(gap[i].min())
            found[f"highest_gap_{label}"] = float(gap[i].max())
        found["lowest_gap"] = min(float(gap[i].min()) for gap in gaps.values())
        found["best_gap"] = max(float(gap[i].min()) for gap in gaps.values())
        found["highest_gap"] = max(float(gap[i].max()) for gap in gaps.values())
        distances = _path(config, X[i], Y[i], group)
        found["path_slope"] = float(np.polyfit(EXPONENTS[RATE], np.log10(distances[RATE]), 1)[0])
        found["path_end"] = float(distances[-1])
        found |= _one_optimum_twice(config, X[i], Y[i], group)
        outcomes.append(Outcome(found, {"exponent": EXPONENTS, "distance": distances}))
    return outcomes


def _gaps(
    config: Check, problem: Problem, X: Tensor, Y: Tensor, group: Group, seeds: Sequence[int]
) -> Tensor:
    """(loss reached − loss of the closed form) over the latter: [seeds, starts]."""
    way = method(problem.method, problem.strength)
    objective = way.objective(LOSSES["mse"], X, Y, group)
    shape = (config.starts, CLASSES, config.hidden)
    second = torch.stack(
        [
            torch.randn(shape, generator=stream(seed, f"start {problem.label}"), dtype=X.dtype)
            for seed in seeds
        ]
    )
    reached = way.in_pixels(alternate(objective, second, sweeps=config.sweeps), group)
    W = torch.stack([optimum(problem, x, y, group) for x, y in zip(X, Y, strict=True)])
    closed = _loss(problem, W, X, Y, group)
    found = [_loss(problem, start, X, Y, group) for start in reached.unbind(1)]
    return torch.stack(found, 1) / closed.unsqueeze(-1) - 1


def _loss(problem: Problem, W: Tensor, X: Tensor, Y: Tensor, group: Group) -> Tensor:
    """The loss from its residuals, image by image: second moments would cost it half its digits."""
    elements = range(group.order) if problem.method == "augmented" else [0]
    turned = [group.act(W, group.inverse(k)) for k in elements]  # W ρ(g): rows, not images
    error = torch.stack([(X @ w.mT - Y).square().mean((-2, -1)) for w in turned]).mean(0)
    return error + problem.strength * (W @ group.constraint()).square().sum((-2, -1))


def _path(config: Check, X: Tensor, Y: Tensor, group: Group) -> np.ndarray:
    """‖W_reg(λ) − W_inv‖ / ‖W_inv‖ at every strength of the path, λ as in problem (7)."""
    limit = constrained_optimum(X, Y, group, config.hidden)
    strengths = 10.0**EXPONENTS
    path = torch.stack([regularized_optimum(X, Y, group, config.hidden, s) for s in strengths])
    return (torch.linalg.matrix_norm(path - limit) / limit.norm()).numpy()


def _one_optimum_twice(config: Check, X: Tensor, Y: Tensor, group: Group) -> dict[str, float]:
    """Augmented against constrained, their singular values, and what a singular XXᵀ changes."""
    constrained = constrained_optimum(X, Y, group, config.hidden)
    augmented = augmented_optimum(X, Y, group, config.hidden)
    inv = constrained_singular_values(X, Y, group)
    da = augmented_singular_values(X, Y, group)
    reg = regularized_singular_values(X, Y, group, config.strengths[-1])
    targets = {"inv": inv, "reg": reg}
    orbit = group.orbit(X).flatten(0, 1)
    seen = torch.linalg.pinv(orbit, rtol=1e-10) @ orbit  # projects on what augmented images span
    unseen = augmented - augmented @ seen
    return {
        "pixels": X.shape[1],
        "effective_rank": effective_rank(X),
        "augmented_rank": effective_rank(orbit),
        "orbits": group.orbit_basis().shape[1],
        "difference": float((augmented - constrained).norm() / constrained.norm()),
        "noninvariance": float((augmented @ group.constraint()).norm() / augmented.norm()),
        "singular_value_error": float((da / group.order**0.5 - inv).abs().max() / inv[0]),
        "unseen_weight": float(unseen.norm() / augmented.norm()),
        **{f"rank_{name}": float((s > 1e-9 * s[0]).sum()) for name, s in targets.items()},
        **{f"closest_{name}": _closest(s) for name, s in targets.items()},
    }


def _closest(singular_values: Tensor) -> float:
    """The smallest relative distance of two neighbours among the non-zero singular values."""
    s = singular_values[singular_values > 1e-9 * singular_values[0]]
    return float((1 - s[1:] / s[:-1]).min()) if len(s) > 1 else 1.0


EXPERIMENT = Experiment(
    name="linear/closed_form_check",
    module="invlib.studies.linear.closed_form_check",
    attribute="EXPERIMENT",
    config=Check,
    data=lambda config: config.dataset,
    run=check,
    label=lambda config: config.label,
)
