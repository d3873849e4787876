"""Proposition 3.1 with a task beside it: squared error plus ν LI on a linear map, solved.

With Σ_x = mean x xᵀ and targets y the flow is dW/dt = mean y xᵀ − W (Σ_x + ν Σ). On data closed
under the group Σ = c Σ_x (I − Ḡ), so that ν moves only W (I − Ḡ), which no target drives.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import one_hot

from invlib.closed_form.invariance_flow import linear_flow, orbit_differences, second_moment
from invlib.config import option
from invlib.experiment import Experiment, Outcome, Report
from invlib.groups import Group
from invlib.models.mlp import linear_init
from invlib.studies.genuine.sample import CLASSES, GROUPS, Sample, prepare
from invlib.training.seeds import stream

STRENGTHS = (0.0, 0.1, 1.0, 10.0)
TIMES = np.concatenate([[0], np.logspace(-2, 4, 49)])  # in units of 1 / λ_max(Σ_x)
DATA = ("augmented", "upright")


@dataclass(frozen=True)
class LinearTask(Sample):
    """The images and the group."""

    group: str = option("R4", "group of transformations", choices=tuple(GROUPS))


def solve(config: LinearTask, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """σ_max(W(t)) for several strengths, on augmented and on upright images."""
    outcomes = []
    for i, seed in enumerate(seeds):
        parts = prepare(config, seed)
        x = parts.normalize(parts.train.pixels).double()
        y = one_hot(parts.train.labels, CLASSES).double()
        group = GROUPS[config.group](parts.side)
        W = linear_init(CLASSES, group.pixels, stream(seed, "map"))[0]
        metrics, curves = {}, {"time": TIMES}
        for kind in DATA:
            values = _solved(W, x, y, group, kind)
            curves |= {
                f"{kind}_{strength:g}": values[k, :, 0].numpy()
                for k, strength in enumerate(STRENGTHS)
            }
            metrics[f"{kind}_growth"] = float(values[2, :, 0].max() / values[2, 0, 0])
            metrics[f"{kind}_disorder"] = float((values.diff(dim=0) / values[0, 0, 0]).max())
            metrics[f"{kind}_end_ratio"] = float(values[-1, -1, 0] / values[0, -1, 0])
        outcomes.append(Outcome(metrics, curves))
        report("a linear map with a task", (i + 1) / len(seeds))
    return outcomes


def _solved(W: Tensor, x: Tensor, y: Tensor, group: Group, kind: str) -> Tensor:
    """Singular values on the way: [strengths, times, values]."""
    orbit = group.orbit(x)
    seen = orbit.flatten(0, 1) if kind == "augmented" else x
    drive = y.mT @ (orbit.mean(1) if kind == "augmented" else x) / len(x)
    moment, sigma = second_moment(seen), second_moment(orbit_differences(seen, group))
    unit = 1 / float(torch.linalg.eigvalsh(moment)[-1])
    found = []
    for strength in STRENGTHS:
        flow = linear_flow(moment + strength * sigma)
        path = [flow.flow(W, time * unit, drive) for time in TIMES]
        found.append(torch.linalg.svdvals(torch.stack(path)))
    return torch.stack(found)


EXPERIMENT = Experiment(
    name="genuine/linear_task",
    module=__name__,
    attribute="EXPERIMENT",
    config=LinearTask,
    data=lambda config: config.dataset,
    run=solve,
    label=lambda config: f"task-{config.group}",
)
