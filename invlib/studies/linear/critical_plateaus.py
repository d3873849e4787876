"""Gradient descent from tiny layers: one singular value after another, with rests at saddles.

Not in paper linear: Proposition 13 says where the saddles of rank r are. This shows which points
training passes: those of lower rank, where some hidden units are still zero. At such a point an
unused unit grows along a pair of singular vectors of the gradient, at the rate of the singular
value. All on the plain images, as training usually is. Seconds on two cores.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from invlib.config import option
from invlib.experiment import Experiment, Outcome, Report
from invlib.methods.mean_squared_error import Quadratic
from invlib.models.two_layer import TwoLayerLinear
from invlib.studies.linear.critical_instance import Instance, loss, points, subsets
from invlib.training.full_batch import train_full_batch
from invlib.training.seeds import stream

LOOK = 5  # steps between looks at the network


@dataclass(frozen=True)
class Plateaus(Instance):
    """An instance, and how its network is trained; the seed also chooses the initialization."""

    epochs: int = option(4000, "steps of gradient descent", low=1)
    step: float = option(0.1, "of descent, over the largest second moment of the inputs", low=1e-9)
    init_scale: float = option(1e-3, "both layers' initial weights over PyTorch's default", low=0.0)
    points: int = option(300, "points of a curve, denser at its start", low=3)

    @property
    def label(self) -> str:
        return f"{super().label}+plateaus"


def train(config: Plateaus, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """Train one network per seed and follow how near it comes to each saddle on the way."""
    group, way = config.make_group(), config.way()
    X, Y = subsets(config, seeds)
    objective = loss(config, X, Y)
    network = TwoLayerLinear(
        inputs=way.inputs(group),
        hidden=config.hidden,
        outputs=config.classes,
        generators=[stream(seed, "init") for seed in seeds],
        init_scale=config.init_scale,
    )
    marks = torch.stack([_marks(config, x, y) for x, y in zip(X, Y, strict=True)])
    marks = way.from_pixels(marks, group)  # [seeds, marks, classes, inputs]
    best = marks[:, : config.hidden + 1]  # of rank 0, 1, ..., r; saddles of rank r follow
    everywhere = _broadcast(objective)
    levels = everywhere.value(best)
    rates = torch.linalg.svdvals(everywhere.gradient(best))  # of an unused unit's growth
    kept_steps = _geometric(config)
    epochs, losses, distances = [], [], []

    def observe(epoch: int, W: Tensor, value: Tensor) -> None:
        if epoch not in kept_steps:
            return
        epochs.append(epoch)
        losses.append(value)
        distances.append(_distances(objective, W, marks, best[:, -1:]))
        report(f"plateaus {config.label}, {len(seeds)} seeds", epoch / config.epochs)

    train_full_batch(
        network,
        objective,
        epochs=config.epochs,
        learning_rate=config.step / float(torch.linalg.eigvalsh(objective.second).max()),
        observe_every=LOOK,
        observe=observe,
        optimizer="gradient_descent",
    )
    losses, distances = torch.stack(losses, 1), torch.stack(distances, 1)  # [seeds, points, ...]
    nearest, when = distances.min(1)
    outcomes = []
    for k in range(len(seeds)):
        metrics = {"loss": float(losses[k, -1]), "optimum_loss": float(levels[k, -1])}
        for kept in range(config.hidden + 1):
            metrics[f"nearest_{kept}"] = float(nearest[k, kept])
            metrics[f"arrival_{kept}"] = epochs[when[k, kept]]
        if nearest.shape[1] > config.hidden + 1:
            metrics["nearest_saddle"] = float(nearest[k, config.hidden + 1 :].min())
        for kept in range(config.hidden - 1):  # where two units or more are still unused
            metrics[f"rate_ratio_{kept}"] = float(rates[k, kept, 1] / rates[k, kept, 0])
        curves = {
            "epoch": np.array(epochs, dtype=np.int32),
            "loss": losses[k].numpy().astype(np.float32),
        }
        outcomes.append(Outcome(metrics, curves, {"levels": levels[k].numpy()}))
    return outcomes


def _marks(config: Plateaus, X: Tensor, Y: Tensor) -> Tensor:
    """The best maps of rank 0, 1, ..., r, then all saddles of rank r: [marks, classes, pixels]."""
    best = [points(config, X, Y, rank).maps[0] for rank in range(1, config.hidden)]
    full = points(config, X, Y).maps
    return torch.stack([torch.zeros_like(full[0]), *best, *full])


def _geometric(config: Plateaus) -> set[int]:
    """Steps at which a point is kept: evenly spaced on a logarithmic axis, and both ends."""
    spaced = np.geomspace(LOOK, max(LOOK, config.epochs), config.points)
    return {0, config.epochs, *(LOOK * (spaced / LOOK).round().astype(int)).tolist()}


def _distances(objective: Quadratic, W: Tensor, marks: Tensor, optimum: Tensor) -> Tensor:
    """Root mean square difference in output to each mark, over the optimum's output."""

    def size(D: Tensor) -> Tensor:
        return ((D @ objective.second.unsqueeze(1)) * D).sum((-2, -1)).clamp(min=0).sqrt()

    return size(W.unsqueeze(1) - marks) / size(optimum)


def _broadcast(objective: Quadratic) -> Quadratic:
    """The same for several maps per seed: [seeds, maps, classes, inputs]."""
    return Quadratic(
        objective.second.unsqueeze(1), objective.cross.unsqueeze(1), objective.constant.unsqueeze(1)
    )


EXPERIMENT = Experiment(
    name="linear/critical_plateaus",
    module="invlib.studies.linear.critical_plateaus",
    attribute="EXPERIMENT",
    config=Plateaus,
    data=lambda config: config.dataset,
    run=train,
    label=lambda config: config.label,
)
