"""Proposition 3.1 on images: the flow of LI on a linear map, exactly, and under random descent."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.linalg
import torch
from torch import Tensor

from invlib.closed_form.invariance_flow import (
    exposure,
    invariance_flow,
    orbit_differences,
    rank_one_flow,
    second_moment,
)
from invlib.closed_form.stochastic_steps import (
    safe_rate,
    safe_rate_of_full_batch,
    safe_rate_on_average,
)
from invlib.config import option
from invlib.experiment import Experiment, Outcome, Report
from invlib.groups import Group
from invlib.models.mlp import linear_init
from invlib.studies.genuine.sample import CLASSES, GROUPS, Sample, prepare
from invlib.training.invariance_descent import largest_rise, singular_values_on_the_way
from invlib.training.seeds import stream

TIMES = np.concatenate([[0], np.logspace(-3, 4, 57)])  # in units of 1 / tr Σ
SINGLE = 50  # differences taken one at a time
INTEGRATOR_STEPS = 60
POINTS = 60  # on a curve over random steps
BEYOND = 1.25  # times the step beyond which the expected square of the norm can grow
ADAM_RATE = 0.0008  # the paper's


@dataclass(frozen=True)
class LinearDecay(Sample):
    """The images and the group; how long to descend at random."""

    group: str = option("R4", "group of transformations", choices=tuple(GROUPS))
    steps: int = option(300, "random steps on the linear map", low=1)


def solve(config: LinearDecay, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """A random map per seed follows the flow of LI over that seed's training images."""
    outcomes = []
    for i, seed in enumerate(seeds):
        parts = prepare(config, seed)
        x = parts.normalize(parts.train.pixels).double()
        group = GROUPS[config.group](parts.side)
        W = linear_init(CLASSES, group.pixels, stream(seed, "map"))[0]
        metrics, curves = _exactly(W, x, group)
        more, random = _at_random(W, x, group, config.steps, seed)
        outcomes.append(Outcome(metrics | more, curves | random))
        report("a linear map", (i + 1) / len(seeds))
    return outcomes


def _exactly(W: Tensor, x: Tensor, group: Group) -> tuple[dict, dict]:
    """The closed form: its curves, and how far other ways to the same path are from it."""
    eps = orbit_differences(x, group)
    flow, sigma = invariance_flow(eps), second_moment(eps)
    unit = 1 / float(sigma.trace())
    values = flow.singular_values(W, torch.from_numpy(TIMES * unit))
    single = eps[:: max(1, len(eps) // SINGLE)][:SINGLE]
    kept = [torch.linalg.svdvals(rank_one_flow(W, e, math.inf)) for e in single]
    start, limit = torch.linalg.svdvals(W), flow.limit(W)
    half = 10 * unit
    size = W.norm()
    exponential = W @ torch.from_numpy(scipy.linalg.expm(-sigma.numpy() * half))
    metrics = {
        "expm_error": float((flow.flow(W, half) - exponential).norm() / size),
        "integrator_error": float((flow.flow(W, half) - _integrated(W, eps, half)).norm() / size),
        "rise_flow": largest_rise(values),
        "sigma_ratio_limit": float(torch.linalg.svdvals(limit)[0] / start[0]),
        "sigma_ratio_single": float(torch.stack(kept)[:, 0].mean() / start[0]),
        "second_over_first": float(start[1] / start[0]),
        "not_spanned": float((limit - group.orbit(W).mean(-2)).norm() / size),
        "least_exposure": float(exposure(W, sigma).min() * unit),
    }
    curves = {f"flow_sigma_{k + 1}": values[:, k].numpy() for k in range(values.shape[1])}
    return metrics, {"time": TIMES, **curves}


def _integrated(W: Tensor, eps: Tensor, time: float) -> Tensor:
    """The same path by autograd and the classical Runge-Kutta steps."""

    def slope(at: Tensor) -> Tensor:
        at = at.detach().requires_grad_()
        error = (eps @ at.mT).square().sum(1).mean() / 2
        return -torch.autograd.grad(error, at)[0]

    step = time / INTEGRATOR_STEPS
    for _ in range(INTEGRATOR_STEPS):
        a = slope(W)
        b = slope(W + step / 2 * a)
        c = slope(W + step / 2 * b)
        W = W + step / 6 * (a + 2 * b + 2 * c + slope(W + step * c))
    return W


def _at_random(W: Tensor, x: Tensor, group: Group, steps: int, seed: int) -> tuple[dict, dict]:
    """One random x and g per step: below the first bound, beyond the second, and by Adam."""
    eps = orbit_differences(x, group)
    safe, average, full = safe_rate(eps), safe_rate_on_average(eps), safe_rate_of_full_batch(eps)
    rules = {
        "safe": lambda p: torch.optim.SGD(p, lr=safe),
        "beyond": lambda p: torch.optim.SGD(p, lr=BEYOND * average),
        "adam": lambda p: torch.optim.Adam(p, lr=ADAM_RATE),
    }
    points = np.unique(np.linspace(0, steps, POINTS).astype(int))
    metrics = {"average_over_safe": average / safe, "full_over_safe": full / safe}
    curves = {"step": points}
    for name, rule in rules.items():
        draws = stream(seed, "draws")  # the same for all
        _, values = singular_values_on_the_way(W, x, group, rule, steps, draws)
        curves[f"{name}_sigma"] = (values[points, 0] / values[0, 0]).numpy()
        metrics[f"rise_{name}"] = largest_rise(values)
        metrics[f"highest_{name}"] = float(values[:, 0].max() / values[0, 0])
    return metrics, curves


EXPERIMENT = Experiment(
    name="genuine/linear_decay",
    module=__name__,
    attribute="EXPERIMENT",
    config=LinearDecay,
    data=lambda config: config.dataset,
    run=solve,
    label=lambda config: f"linear-{config.group}",
)
