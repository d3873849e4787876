"""Finite widths beside the infinite one: tangent kernels, trained networks, their invariance.

Few small images in all turns, plain gradient descent. The kernel's predictor after the same steps
is known exactly, so nothing need be trained to the end. 10 seeds at width 4096: half a minute.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from invlib.closed_form.kernel_regression import after_steps
from invlib.closed_form.relu_ntk import angles, relu_ntk
from invlib.config import option
from invlib.errors import UsageError
from invlib.experiment import Experiment, Outcome, Report
from invlib.groups import rotations
from invlib.models.wide_relu import WideReLU
from invlib.studies.linear.kernel_predictors import centred, some_unseen
from invlib.studies.linear.sample import CLASSES, Sample, training_subsets
from invlib.training.seeds import stream
from invlib.training.wide_relu import train_on_orbits

UNSEEN = 50  # images on which networks are compared, in all turns
SHOWN = 120  # pairs of images kept for a picture of the kernel


@dataclass(frozen=True)
class WideNetworks(Sample):
    """The widths, and how long networks train; the seed chooses images and initial weights."""

    widths: tuple[int, ...] = option((64, 256, 1024), "hidden units of networks", low=2)
    steps: int = option(200, "steps of gradient descent", low=1)

    def check(self) -> None:
        if len(self.widths) < 2:
            raise UsageError("parameter widths needs at least two widths.")


class Setting:
    """Images of all seeds in all turns, and what infinitely wide networks make of them."""

    def __init__(self, config: WideNetworks, seeds: Sequence[int]) -> None:
        self.config, self.seeds, group = config, seeds, rotations(config.side)
        X, Y = training_subsets(config, seeds)
        self.orbits, self.Y = group.orbit(X), centred(Y)
        self.train, targets = self.orbits.flatten(1, 2), self.Y.repeat_interleave(group.order, 1)
        unseen = torch.stack([some_unseen(config, UNSEEN, seed)[0] for seed in seeds])
        self.turned = group.orbit(unseen).flatten(1, 2)
        self.kernel = torch.stack([relu_ntk(x, x) for x in self.train])
        # the largest rate at which no direction overshoots, for each seed
        self.rate = self.train.shape[1] / torch.linalg.eigvalsh(self.kernel)[:, -1]
        learned = torch.stack(
            [
                after_steps(K, y, float(rate), config.steps)
                for K, y, rate in zip(self.kernel, targets, self.rate, strict=True)
            ]
        )
        self.residual = _norm(self.kernel @ learned - targets) / _norm(targets)
        across = [relu_ntk(far, near) for far, near in zip(self.turned, self.train, strict=True)]
        self.limit = torch.stack(across) @ learned

    def network(self, width: int) -> WideReLU:
        """Networks of one width, one per seed, as they start."""
        return WideReLU(
            inputs=self.config.side**2,
            hidden=width,
            outputs=CLASSES,
            generators=[stream(seed, f"init {width}") for seed in self.seeds],
        )

    def predictions(self, width: int, averaged: bool) -> tuple[Tensor, Tensor]:
        """f on all turns of the unseen images after training, and its mean over each orbit."""
        network = self.network(width)
        train_on_orbits(
            network,
            self.orbits,
            self.Y,
            rate=self.rate,
            steps=self.config.steps,
            averaged=averaged,
        )
        f, order = network(self.turned), self.orbits.shape[2]
        mean = f.unflatten(1, (UNSEEN, order)).mean(2).repeat_interleave(order, 1)
        return f, mean

    def at_width(self, width: int) -> dict[str, Tensor]:
        """How far networks of this width are from the limit, and from invariance, per seed."""
        start = self.network(width).tangent_kernel(self.train)
        f, mean = self.predictions(width, averaged=False)
        _, convolved = self.predictions(width, averaged=True)
        return {
            "kernel_error": _norm(start - self.kernel) / _norm(self.kernel),
            "distance": _norm(f - self.limit) / _norm(self.limit),
            "wobble": _norm(f - mean) / _norm(f),
            "averaged_distance": _norm(convolved - self.limit) / _norm(self.limit),
        }

    def picture(self) -> tuple[Tensor, Tensor]:
        """Some pairs of images: their angles [seeds, pairs], and at each width their
        k(x, x') / ‖x‖‖x'‖ [seeds, widths, pairs]."""
        count = self.train.shape[1]
        pairs = torch.triu_indices(count, count)
        i, j = pairs[:, :: max(1, pairs.shape[1] // SHOWN)]
        sizes = self.train.norm(dim=-1)
        kernels = [
            self.network(width).tangent_kernel(self.train)[:, i, j] / (sizes[:, i] * sizes[:, j])
            for width in self.config.widths
        ]
        between = torch.stack([angles(x, x)[i, j] for x in self.train])
        return between, torch.stack(kernels, 1)


def solve(config: WideNetworks, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """For each width: the tangent kernel at the start, and networks after training, beside k."""
    setting = Setting(config, seeds)
    seen = []
    for place, width in enumerate(config.widths):
        seen.append(setting.at_width(width))
        report(f"width {width}, {len(seeds)} seeds", (place + 1) / len(config.widths))
    curves = {name: torch.stack([one[name] for one in seen], 1).numpy() for name in seen[0]}
    widths, outcomes = np.array(config.widths), []
    between, kernels = setting.picture()
    for i in range(len(seeds)):
        own = {name: values[i] for name, values in curves.items()}
        metrics = {"residual": float(setting.residual[i])}
        for name, values in own.items():
            metrics[f"slope_{name}"] = float(np.polyfit(np.log(widths), np.log(values), 1)[0])
            for width, value in zip(config.widths, values, strict=True):
                metrics[f"{name}_{width}"] = float(value)
        arrays = {
            "angles": between[i].numpy().astype(np.float32),
            "kernels": kernels[i].numpy().astype(np.float32),
        }
        outcomes.append(Outcome(metrics, {"width": widths, **own}, arrays))
    return outcomes


def _norm(matrix: Tensor) -> Tensor:
    return torch.linalg.matrix_norm(matrix)


EXPERIMENT = Experiment(
    name="linear/wide_networks",
    module="invlib.studies.linear.wide_networks",
    attribute="EXPERIMENT",
    config=WideNetworks,
    data=lambda config: config.dataset,
    run=solve,
    label=lambda config: f"networks-{config.steps}",
)
