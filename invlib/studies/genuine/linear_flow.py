"""What a penalty alone does to a linear map h(x) = W x: the setting of Proposition 3.1.

Steepest descent in steps of a given length relative to ‖W‖, ever shorter ones: the path of the
gradient flow, whatever the pace at which a penalty would follow it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from invlib.config import option
from invlib.experiment import Experiment, Outcome, Report
from invlib.methods.invariance_penalties import Penalty, squared_distance
from invlib.methods.scale_free_penalties import spread
from invlib.studies.genuine.decay_networks import ALL
from invlib.studies.genuine.sample import CLASSES, GROUPS, Sample, prepare
from invlib.training.seeds import stream

FIRST_STEP = 0.02  # the length of the first step over ‖W‖; the last one is near zero
POINTS = 40  # of the curves


@dataclass(frozen=True)
class LinearFlow(Sample):
    """A random linear map, images in pairs x, gx, and a penalty that is all the loss."""

    group: str = option("R4", "group of transformations", choices=tuple(GROUPS))
    penalty: str = option("l2", "the penalty", choices=tuple(ALL))
    steps: int = option(120, "steps of steepest descent", low=POINTS)


def follow(config: LinearFlow, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """‖W‖, σ_max(W) and LI / V along the way, the first two over their values at the start."""
    return [_follow(config, seed) for seed in seeds]


def _follow(config: LinearFlow, seed: int) -> Outcome:
    parts = prepare(config, seed)
    group = GROUPS[config.group](parts.side)
    x = parts.normalize(parts.train.pixels).double()
    generator = stream(seed, "flow")
    element = torch.randint(1, group.order, (len(x),), generator=generator)
    moved = group.act(x, element)
    W = torch.randn(CLASSES, x.shape[1], generator=generator, dtype=x.dtype) / x.shape[1] ** 0.5
    start = _state(W, x, moved)
    points = [{"step": 0, "norm": 1.0, "sigma": 1.0, "relative_LI": start["relative_LI"]}]
    for step in range(1, config.steps + 1):
        length = FIRST_STEP * (1 - (step - 1) / config.steps)
        W = descend(W, ALL[config.penalty], x, moved, length)
        if step % (config.steps // POINTS) == 0:
            now = _state(W, x, moved)
            relative = {name: now[name] / start[name] for name in ("norm", "sigma")}
            points.append({"step": step, **relative, "relative_LI": now["relative_LI"]})
    curves = {name: np.array([point[name] for point in points]) for name in points[0]}
    last = {f"last_{name}": points[-1][name] for name in ("norm", "sigma", "relative_LI")}
    rise = float(np.diff(curves["sigma"]).max())
    return Outcome({**last, "first_relative_LI": start["relative_LI"], "rise": rise}, curves)


def descend(W: Tensor, penalty: Penalty, x: Tensor, moved: Tensor, length: float) -> Tensor:
    """One step against the gradient of the penalty's mean, of a length relative to ‖W‖."""
    W = W.detach().requires_grad_()
    value = penalty((x @ W.mT)[None], (moved @ W.mT)[None]).mean()
    (gradient,) = torch.autograd.grad(value, W)
    size = gradient.norm()
    if size == 0:
        return W.detach()
    return (W - length * W.norm() * gradient / size).detach()


def _state(W: Tensor, x: Tensor, moved: Tensor) -> dict[str, float]:
    a, b = (x @ W.mT)[None], (moved @ W.mT)[None]
    return {
        "norm": float(W.norm()),
        "sigma": float(torch.linalg.matrix_norm(W, 2)),
        "relative_LI": float(squared_distance(a, b).mean() / spread(a, b)),
    }


EXPERIMENT = Experiment(
    name="genuine/linear_flow",
    module=__name__,
    attribute="EXPERIMENT",
    config=LinearFlow,
    data=lambda config: config.dataset,
    run=follow,
    label=lambda config: f"flow-{config.penalty}",
)
