"""Where the r-th and the next singular value of Z_reg(λ) meet, or nearly meet, on the path.

One problem with two sensors per seed. Without crosstalk its singular values cross and the path
jumps there. With any crosstalk they avoid each other, and the path is steep instead. The strengths
are those of the paper's eq. 7.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from invlib.closed_form.path import RegularizedPath, regularized_path
from invlib.config import Config, option
from invlib.experiment import RANDOM, Experiment, Outcome, Report
from invlib.studies.linear.steps import largest_steps, relative_gap
from invlib.studies.linear.two_sensors import RANK, random_problems

DECADES = (-4, 4)  # of the strengths looked at
PER_DECADE = 5  # strengths of the coarsest grid
REFINEMENTS = (1, 4, 16, 64, 256)
SIDES = torch.tensor([1 - 1e-6, 1 + 1e-6], dtype=torch.float64)  # of a crossing, relative to its λ
WINDOW = torch.linspace(-1.5, 1.5, 301, dtype=torch.float64)  # decades around the smallest gap


@dataclass(frozen=True)
class Crossing(Config):
    """How far the two sensors mix; the seed draws the problem."""

    crosstalk: float = option(0.0, "light on the sensor that should be dark", low=0.0)


def follow(config: Crossing, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """The path of one problem per seed, its steps on finer and finer grids, and its crossing."""
    X, Y, group = random_problems(seeds, config.crosstalk)
    path = regularized_path(X, Y, group)
    ends = path.singular_values(torch.tensor([0.0, math.inf]))
    limit = torch.linalg.matrix_norm(path.maps(torch.tensor([math.inf]), RANK))
    crossing = smallest_gap(path)
    sides = path.maps(crossing * SIDES, RANK)
    around = crossing * 10**WINDOW
    values = path.singular_values(around)
    weights = path.maps(around, RANK).square().sum(-2)
    share = weights[..., : group.pixels // 2].sum(-1) / weights.sum(-1)
    steps = largest_steps(path, RANK, DECADES, [PER_DECADE * f for f in REFINEMENTS]) / limit
    spread = torch.cat([ends, values], 1)
    metrics = {
        "crossing": crossing[:, 0],
        "least_gap": relative_gap(path.singular_values(crossing), RANK)[:, 0],
        "least_singular": (spread[..., -1] / spread[..., 0]).amin(-1),
        "jump": torch.linalg.matrix_norm(sides[:, 1] - sides[:, 0]) / limit[:, 0],
        **{f"step_{f}": steps[:, i] for i, f in enumerate(REFINEMENTS)},
    }
    report(f"crossing, crosstalk {config.crosstalk:g}, {len(seeds)} seeds", 1.0)
    return [
        Outcome(
            metrics={name: float(value[i]) for name, value in metrics.items()},
            curves={
                "offset": WINDOW.numpy().astype(np.float32),
                "first": _single(values[i, :, 0]),
                "second": _single(values[i, :, 1]),
                "share": _single(share[i]),
            },
        )
        for i in range(len(seeds))
    ]


def smallest_gap(path: RegularizedPath) -> Tensor:
    """The strength at which the kept singular value is nearest to the next, [..., 1].

    A fine grid, then ever smaller ones around the best strength so far.
    """
    low, high = DECADES
    middle, reach = torch.full((1,), (low + high) / 2.0, dtype=torch.float64), (high - low) / 2
    for _ in range(12):
        grid = middle + torch.linspace(-reach, reach, 401, dtype=torch.float64)
        nearest = relative_gap(path.singular_values(10**grid), RANK).argmin(-1, keepdim=True)
        middle = grid.expand(*nearest.shape[:-1], -1).gather(-1, nearest)
        reach /= 20
    return 10**middle


def _single(values: Tensor) -> np.ndarray:
    return values.numpy().astype(np.float32)


EXPERIMENT = Experiment(
    name="linear/crossing",
    module="invlib.studies.linear.crossing",
    attribute="EXPERIMENT",
    config=Crossing,
    data=lambda config: RANDOM,
    run=follow,
    label=lambda config: f"crosstalk-{config.crosstalk:g}",
)
