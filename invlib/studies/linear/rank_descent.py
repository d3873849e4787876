"""Training from several starts below, at and above the rank that the problem needs.

Where the hidden layer has at least as many units as there are classes, every map can be reached and
the problem in W is convex. The question is whether descent in the two layers notices.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from invlib.config import option
from invlib.experiment import Experiment, Outcome, Report
from invlib.groups import rotations
from invlib.methods.mean_squared_error import Quadratic
from invlib.methods.ways import LOSSES, method
from invlib.models.two_layer import TwoLayerLinear
from invlib.studies.linear.optimum import Problem, optimum
from invlib.studies.linear.sample import CLASSES, training_subsets
from invlib.training.full_batch import train_full_batch
from invlib.training.seeds import stream

SMALLEST = 1e-12  # relative gaps below this are rounding


@dataclass(frozen=True)
class RankDescent(Problem):
    """One way, one width of the hidden layer, several starts per seed."""

    hidden: int = option(5, "hidden units", low=1, high=64)
    starts: int = option(5, "random starts per seed", low=1)
    epochs: int = option(2000, "full-batch steps", low=1)
    learning_rate: float = option(0.01, "Adam's learning rate", low=1e-9)
    observe_every: int = option(50, "epochs between points of a curve", low=1)

    @property
    def label(self) -> str:
        """The way and the width, as in constrained+hidden=4."""
        return f"{super().label}+hidden={self.hidden}"


def train(config: RankDescent, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """The gap to the closed form over training, highest and lowest over the starts of each seed."""
    group = rotations(config.side)
    way = method(config.method, config.strength)
    X, Y = training_subsets(config, seeds)
    once = way.objective(LOSSES["mse"], X, Y, group)
    bounded = replace(_problem(config), hidden=min(config.hidden, CLASSES, group.pixels))
    W = torch.stack([optimum(bounded, x, y, group) for x, y in zip(X, Y, strict=True)])
    closed = once.value(way.from_pixels(W, group)).unsqueeze(-1)
    network = TwoLayerLinear(
        inputs=way.inputs(group),
        hidden=config.hidden,
        outputs=CLASSES,
        generators=[stream(s, f"start {k}") for s in seeds for k in range(config.starts)],
    )
    epochs: list[int] = []
    gaps: list[Tensor] = []

    def observe(epoch: int, W: Tensor, loss: Tensor) -> None:
        epochs.append(epoch)
        gaps.append(loss.unflatten(0, (len(seeds), config.starts)) / closed - 1)
        report(f"descent {config.label}, {len(seeds)} seeds", epoch / config.epochs)

    train_full_batch(
        network,
        _repeated(once, config.starts),
        epochs=config.epochs,
        learning_rate=config.learning_rate,
        observe_every=config.observe_every,
        observe=observe,
    )
    gap = torch.stack(gaps, -1)  # [seeds, starts, points]
    highest, lowest = gap.amax(1).numpy(), gap.amin(1).numpy()
    return [
        Outcome(
            {"highest_gap": float(highest[i, -1]), "lowest_gap": float(lowest[i, -1])},
            {
                "epoch": np.array(epochs, dtype=np.int32),
                "gap": np.maximum(highest[i], SMALLEST).astype(np.float32),
                "least_gap": np.maximum(lowest[i], SMALLEST).astype(np.float32),
            },
        )
        for i in range(len(seeds))
    ]


def _problem(config: RankDescent) -> Problem:
    names = ("dataset", "side", "pooling", "samples", "method", "strength")
    return Problem(**{name: getattr(config, name) for name in names})


def _repeated(objective: Quadratic, times: int) -> Quadratic:
    """The objective of every seed once for each of its starts."""
    parts = (objective.second, objective.cross, objective.constant)
    return Quadratic(*(part.repeat_interleave(times, 0) for part in parts))


EXPERIMENT = Experiment(
    name="linear/rank_descent",
    module="invlib.studies.linear.rank_descent",
    attribute="EXPERIMENT",
    config=RankDescent,
    data=lambda config: config.dataset,
    run=train,
    label=lambda config: config.label,
)
