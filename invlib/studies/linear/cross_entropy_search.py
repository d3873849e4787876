"""Critical points of the two-layer network, found one by one, and how invariant they are.

The paper proves for squared error that augmentation has invariant critical points only, and leaves
cross-entropy open (App. A.11). Data: small images, so that the Hessian in all weights is small.
Search: `find_critical_points` from random starts, asked for minima and for saddles. All networks of
all seeds run side by side; 16 starts for 10 seeds take seconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from invlib.config import option
from invlib.errors import InvlibError, UsageError
from invlib.experiment import Experiment, Outcome, Report
from invlib.groups import rotations
from invlib.methods.two_layer_derivatives import ON_LOGITS, TwoLayerObjective
from invlib.studies.linear.at_a_point import (
    describe,
    noninvariance_bound,
    smallest_curvature,
    twin_gradient,
)
from invlib.studies.linear.counterexamples import counterexamples
from invlib.studies.linear.optimum import Problem
from invlib.studies.linear.sample import CLASSES, training_subsets
from invlib.studies.linear.span import Span, span_of_orbits
from invlib.training.critical_points import find_critical_points
from invlib.training.seeds import stream

SMALLEST, LARGEST = 0.05, 1.0  # scale of the weights that a search starts from
CONSTANT = 1e-6  # logits that vary less over the images predict the same for every image
SAME_LOSS = 1e-7  # critical points whose losses differ by less count as one


@dataclass(frozen=True)
class CriticalPoints(Problem):
    """A problem, and how its critical points are looked for; the seed also draws the starts."""

    loss: str = option("cross_entropy", "the loss", choices=tuple(ON_LOGITS))
    turns: int = option(4, "how many of the 4 turns augmentation shows", low=1, high=4)
    starts: int = option(8, "random starts", low=1)
    steps: int = option(80, "the most steps from one start", low=1)
    tolerance: float = option(1e-12, "gradient norm of a critical point", low=1e-15, high=1e-6)

    def check(self) -> None:
        super().check()
        if self.turns < 4 and self.method != "augmented":
            raise UsageError(f"parameter turns is {self.turns}; only augmented leaves turns out.")

    @property
    def label(self) -> str:
        """The way, what is searched, and the hidden units, as in augmented+critical+r=2."""
        loss = "" if self.loss == "cross_entropy" else f"+{self.loss}"
        turns = "" if self.turns == 4 else f"+turns={self.turns}"
        return f"{super().label}+critical{loss}{turns}+r={self.hidden}"


def search(config: CriticalPoints, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """Look for critical points from every start and describe those that were found."""
    group = rotations(config.side)
    X, Y = training_subsets(config, seeds)
    span = span_of_orbits(X, group, config.strength)
    objective = problem(config, X, Y, span)
    theta, norms = find_critical_points(
        objective,
        starting_points(config, seeds, objective.X.shape[-1]),
        # of two layers with h units, a saddle has up to a few descending directions for each
        torch.linspace(0, 4 * config.hidden - 1, config.starts).round().long(),
        tolerance=config.tolerance,
        steps=config.steps,
        progress=lambda done: report(
            f"cross_entropy_search {config.label}, {len(seeds)} seeds", done
        ),
    )
    points = describe(objective, theta, group, span)
    points["gradient_norm"] = norms
    found = norms <= config.tolerance
    if not found.any(-1).all():
        raise InvlibError(f"a seed has no critical point after {config.steps} steps; allow more.")
    lowest = points["loss"].masked_fill(~found, torch.inf).argmin(-1)
    at_lowest = theta[torch.arange(len(seeds)), lowest].unsqueeze(1)
    extra: dict[str, Tensor] = {}
    if config.method == "augmented" and config.turns == 4:
        points["twin_gradient"] = twin_gradient(objective, theta, span)
        extra = counterexamples(objective, at_lowest, group, span, seeds)
        extra["smallest_curvature"] = smallest_curvature(objective, at_lowest, span)
    elif config.method == "regularized" and config.loss == "cross_entropy":
        extra["bound"] = noninvariance_bound(X, group, config.strength)
    return [
        _outcome(
            {name: values[i][found[i]].numpy() for name, values in points.items()},
            config,
            {name: float(values[i]) for name, values in extra.items()},
        )
        for i in range(len(seeds))
    ]


def problem(config: CriticalPoints, X: Tensor, Y: Tensor, span: Span) -> TwoLayerObjective:
    """The objective of the way in the coordinates of a span: W₁ = V Tᵀ, and V is searched."""
    group = rotations(config.side)
    basis = span.invariant if config.method == "constrained" else span.basis
    penalty = X.new_zeros(len(X), basis.shape[-1], basis.shape[-1])
    if config.method == "augmented":
        X = group.orbit(X)[..., : config.turns, :].flatten(1, 2)
        Y = Y.repeat_interleave(config.turns, 1)
    if config.method == "regularized":
        G = basis.mT @ group.constraint().to(X)
        G[:, : span.orbits] = 0  # as it is, but for rounding
        penalty = config.strength * G @ G.mT
    return TwoLayerObjective(X @ basis, Y, penalty, config.hidden, config.loss)


def starting_points(config: CriticalPoints, seeds: Sequence[int], inputs: int) -> Tensor:
    """Normal weights, from small to large: [seeds, starts, weights]."""
    weights = config.hidden * (inputs + CLASSES)
    draws = [
        torch.randn(config.starts, weights, generator=stream(seed, "starts"), dtype=torch.float64)
        for seed in seeds
    ]
    scales = torch.linspace(SMALLEST, LARGEST, config.starts, dtype=torch.float64)
    shuffled = [torch.randperm(config.starts, generator=stream(seed, "scales")) for seed in seeds]
    return torch.stack(draws) * scales[torch.stack(shuffled)].unsqueeze(-1)


def _outcome(
    points: dict[str, np.ndarray], config: CriticalPoints, extra: dict[str, float]
) -> Outcome:
    """What one seed's critical points have in common; those that predict nothing are set aside."""
    converged = len(points["loss"])
    speaking = points.pop("variation") > CONSTANT
    points = {name: values[speaking] for name, values in points.items()}
    if not speaking.any():
        raise InvlibError("only constant maps were found; allow more starts.")
    full = points["rank"] == config.hidden
    lowest = points["loss"].argmin()
    losses = np.sort(points["loss"])
    metrics = {
        "converged": converged / config.starts,
        "found": float(speaking.sum()),
        "distinct": 1.0 + float((np.diff(losses) > SAME_LOSS).sum()),
        "saddles": float((points["descending"] > 0).mean()),
        "lowest_loss": float(losses[0]),
        "lowest_noninvariance": float(points["noninvariance"][lowest]),
        "lowest_noninvariant_norm": float(points["noninvariant_norm"][lowest]),
        "smallest_noninvariance": float(points["noninvariance"].min()),
        # of none there is no largest: zero
        "full_rank_map_noninvariance": float(points["map_noninvariance"][full].max(initial=0)),
        **{f"largest_{name}": float(points[name].max()) for name in points},
        **extra,
    }
    if "bound" in extra:
        metrics["bound_share"] = metrics["largest_noninvariant_norm"] / extra["bound"]
    return Outcome(metrics, arrays={name: points[name] for name in KEPT})


KEPT = ("loss", "descending", "rank", "noninvariance", "map_noninvariance")

EXPERIMENT = Experiment(
    name="linear/cross_entropy_search",
    module="invlib.studies.linear.cross_entropy_search",
    attribute="EXPERIMENT",
    config=CriticalPoints,
    data=lambda config: config.dataset,
    run=search,
    label=lambda config: config.label,
)
