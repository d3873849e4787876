"""Finite widths beside the infinite one: tangent kernels, trained networks, their invariance.

Few small images in all turns, plain gradient descent. The kernel's predictor after the same steps is
known exactly, so nothing need be trained to the end.
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

    widths: tuple[int, ...] = option((64, 256, 1024, 4096), "hidden units of networks", low=2)
    steps: int = option(200, "steps of gradient descent", low=1)

    def check(self) -> None:
        if len(self.widths) < 2:
            raise UsageError("parameter widths needs two widths for a slope.")


def solve(config: WideNetworks, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """For each width: the tangent kernel at the start, and networks after training, against k."""
    group = rotations(config.side)
    X, Y = training_subsets(config, seeds)
    Y = centred(Y)
    orbits = group.orbit(X)
    train, targets = orbits.flatten(1, 2), Y.repeat_interleave(group.order, 1)
    unseen = torch.stack([some_unseen(config, UNSEEN, seed)[0] for seed in seeds])
    turned = group.orbit(unseen).flatten(1, 2)
    exact = torch.stack([relu_ntk(x, x) for x in train])
    rate = train.shape[1] / float(torch.linalg.eigvalsh(exact)[:, -1].max())
    limit = torch.stack(
        [
            relu_ntk(there, here) @ after_steps(K, y, rate, config.steps)
            for there, here, K, y in zip(turned, train, exact, targets, strict=True)
        ]
    )
    residual = _residual(exact, targets, rate, config.steps)
    points: dict[str, list[Tensor]] = {}
    pictures = []
    for place, width in enumerate(config.widths):
        network = _network(config, width, seeds)
        kernel = network.tangent_kernel(train)
        seen = {"kernel_error": _norm(kernel - exact) / _norm(exact)}
        pictures.append(_per_size(kernel, train))
        for averaged in (False, True):
            network = _network(config, width, seeds)
            train_on_orbits(network, orbits, Y, rate=rate, steps=config.steps, averaged=averaged)
            f = network(turned).unflatten(1, (UNSEEN, group.order))
            mean = f.mean(2, keepdim=True).expand_as(f)
            if averaged:
                seen["averaged_distance"] = _norm((mean - limit.view_as(f)).flatten(1, 2)) / _norm(
                    limit
                )
            else:
                seen["distance"] = _norm((f - limit.view_as(f)).flatten(1, 2)) / _norm(limit)
                seen["wobble"] = _norm((f - mean).flatten(1, 2)) / _norm(f.flatten(1, 2))
        for name, values in seen.items():
            points.setdefault(name, []).append(values)
        report(f"width {width}, {len(seeds)} seeds", (place + 1) / len(config.widths))
    curves = {name: torch.stack(values, 1).numpy() for name, values in points.items()}
    widths = np.array(config.widths)
    outcomes = []
    for i in range(len(seeds)):
        own = {name: values[i] for name, values in curves.items()}
        metrics = {"residual": float(residual[i])}
        for name, values in own.items():
            metrics[f"slope_{name}"] = float(np.polyfit(np.log(widths), np.log(values), 1)[0])
            metrics[f"{name}_narrowest"], metrics[f"{name}_widest"] = map(float, values[[0, -1]])
        arrays = {}
        if i == 0:  # one picture is enough
            pairs = torch.triu_indices(train.shape[1], train.shape[1])[:, :: _stride(train)]
            arrays["angles"] = angles(train[0], train[0])[tuple(pairs)].numpy().astype(np.float32)
            found = torch.stack([picture[0][tuple(pairs)] for picture in pictures])
            arrays["kernels"] = found.numpy().astype(np.float32)
        outcomes.append(Outcome(metrics, {"width": widths, **own}, arrays))
    return outcomes


def _network(config: WideNetworks, width: int, seeds: Sequence[int]) -> WideReLU:
    return WideReLU(
        inputs=config.side**2,
        hidden=width,
        outputs=CLASSES,
        generators=[stream(seed, f"init {width}") for seed in seeds],
    )


def _per_size(kernel: Tensor, X: Tensor) -> Tensor:
    """k(x, x') / (‖x‖ ‖x'‖), which in the limit depends on the angle alone."""
    sizes = X.norm(dim=-1)
    return kernel / (sizes.unsqueeze(-1) * sizes.unsqueeze(-2))


def _residual(K: Tensor, Y: Tensor, rate: float, steps: int) -> Tensor:
    """What of the training targets the kernel's predictor still misses, as a share of their norm."""
    coefficients = torch.stack([after_steps(k, y, rate, steps) for k, y in zip(K, Y, strict=True)])
    return _norm(K @ coefficients - Y) / _norm(Y)


def _stride(X: Tensor) -> int:
    """How many pairs to skip for about `SHOWN` of them."""
    return max(1, X.shape[1] * (X.shape[1] + 1) // 2 // SHOWN)


def _norm(matrix: Tensor) -> Tensor:
    return torch.linalg.matrix_norm(matrix)


EXPERIMENT = Experiment(
    name="linear/wide_networks",
    module="invlib.studies.linear.wide_networks",
    attribute="EXPERIMENT",
    config=WideNetworks,
    data=lambda config: config.dataset,
    run=solve,
    label=lambda config: "networks",
)
