"""Infinitely wide ReLU networks, augmented or averaged over the group (linear, App. B.8).

Exact linear algebra: kernels of images, regression by Cholesky, predictions on unseen images in all
turns. Nothing is trained, and there is no width.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from invlib.closed_form.kernel_regression import after_steps, condition, interpolating
from invlib.closed_form.relu_ntk import averaged_relu_ntk, relu_ntk
from invlib.config import option
from invlib.errors import UsageError
from invlib.experiment import Experiment, Outcome, Report
from invlib.groups import Group, rotations
from invlib.studies.linear.sample import CLASSES, Sample, training_subsets, unseen_images
from invlib.training.seeds import stream

RIDGE, STEPS = 1e-3, 1000  # also compared: weight decay, and training that stops early


@dataclass(frozen=True)
class KernelPredictors(Sample):
    """How many images are learned from; `samples` is the most. The seed chooses them."""

    sizes: tuple[int, ...] = option((25, 50, 100), "numbers of training images", low=2)
    unseen: int = option(100, "unseen images that are predicted, in all turns", low=1)

    def check(self) -> None:
        if max(self.sizes) > self.samples:
            raise UsageError(f"parameter sizes goes to {max(self.sizes)}, beyond samples.")


def some_unseen(config: Sample, number: int, seed: int) -> tuple[Tensor, Tensor]:
    """Unseen images of one seed: X [number, pixels], one-hot Y [number, classes]."""
    X, Y = unseen_images(config)
    chosen = torch.randperm(len(X), generator=stream(seed, "unseen"))[:number]
    return X[chosen], Y[chosen]


def centred(Y: Tensor) -> Tensor:
    """One-hot targets less their mean over classes, so that predicting 0 is no opinion."""
    return Y - 1 / CLASSES


def quadrature_error(points: int = 4000) -> float:
    """The largest gap between eq. 61 and its defining expectation, over angles from 0 to π.

    In the plane of x and x' the Gaussian w has a uniform direction φ and E‖w‖² = 2. Both ReLUs are
    on for φ in an interval of length π − θ, where the product of cosines is integrated by Gauss's
    rule.
    """
    nodes, weights = np.polynomial.legendre.leggauss(40)
    angles = np.linspace(0, math.pi, points)
    low, high = angles - math.pi / 2, np.full(points, math.pi / 2)  # where both cosines are ≥ 0
    half, middle = (high - low) / 2, (high + low) / 2
    phi = middle[:, None] + half[:, None] * nodes
    products = np.cos(phi) * np.cos(phi - angles[:, None])
    first = 2 * (products * weights).sum(1) * half / (2 * math.pi)
    second = np.cos(angles) * half * weights.sum() / (2 * math.pi)
    rows = torch.tensor(np.stack([np.cos(angles), np.sin(angles)], 1))
    found = relu_ntk(rows[:1], rows)[0].numpy()
    return float(np.abs(found - first - second).max())


def equivariance_error(X: Tensor, group: Group) -> float:
    """Proposition B.10: the largest |k(g x, g x') − k(x, x')| over g, over the largest k."""
    K = relu_ntk(X, X)
    moved = [relu_ntk(group.act(X, k), group.act(X, k)) for k in range(1, group.order)]
    return float(max((m - K).abs().max() for m in moved) / K.abs().max())


def compare(X: Tensor, Y: Tensor, group: Group, unseen: Tensor, labels: Tensor) -> dict[str, float]:
    """Three predictors learned from X [n, pixels]: plain, on whole orbits, averaged network.

    `unseen` are images [m, pixels]; all their turns are predicted.
    """
    order, all_X = group.order, group.orbit(X).flatten(0, 1)
    all_Y = Y.repeat_interleave(order, 0)
    turned = group.orbit(unseen).flatten(0, 1)
    kernels = {
        "plain": (relu_ntk(X, X), relu_ntk(turned, X), Y),
        "augmented": (relu_ntk(all_X, all_X), relu_ntk(turned, all_X), all_Y),
        "averaged": (averaged_relu_ntk(X, X, group), averaged_relu_ntk(turned, X, group), Y),
    }
    # the kernel on whole orbits has `order` times the largest eigenvalue, and so many samples
    rate = len(X) / float(torch.linalg.eigvalsh(kernels["averaged"][0])[-1])
    found, predictions = {}, {}
    for name, (K, across, targets) in kernels.items():
        f = across @ interpolating(K, targets)
        orbits = f.unflatten(0, (-1, order))
        spread = orbits - orbits.mean(1, keepdim=True)
        found[f"invariance_{name}"] = float(spread.abs().max() / f.abs().max())
        found[f"condition_{name}"] = condition(K)
        hits = orbits.argmax(-1) == labels[:, None]
        found[f"accuracy_{name}"] = float(hits.double().mean())
        found[f"accuracy_upright_{name}"] = float(hits[:, 0].double().mean())
        if name != "plain":
            predictions[name] = (
                f,
                across @ interpolating(K, targets, RIDGE),
                across @ after_steps(K, targets, rate, STEPS),
            )
    pairs = zip(predictions["augmented"], predictions["averaged"], strict=True)
    for word, (ours, theirs) in zip(("", "_ridge", "_early"), pairs, strict=True):
        found[f"difference{word}"] = float((ours - theirs).abs().max() / theirs.abs().max())
    return found


def solve(config: KernelPredictors, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """Everything for each number of images; metrics are those of the most."""
    group = rotations(config.side)
    X, Y = training_subsets(config, seeds)
    outcomes = []
    for i, (x, y, seed) in enumerate(zip(X, Y, seeds, strict=True)):
        unseen, classes = some_unseen(config, config.unseen, seed)
        curves: dict[str, list[float]] = {}
        for size in config.sizes:
            found = compare(x[:size], centred(y[:size]), group, unseen, classes.argmax(-1))
            for name, value in found.items():
                curves.setdefault(name, []).append(value)
        metrics = {name: values[-1] for name, values in curves.items()}
        metrics["equivariance"] = equivariance_error(x, group)
        metrics["quadrature_error"] = quadrature_error()
        report("kernel predictors", (i + 1) / len(seeds))
        points = {name: np.array(values) for name, values in curves.items()}
        outcomes.append(Outcome(metrics, {"images": np.array(config.sizes), **points}))
    return outcomes


EXPERIMENT = Experiment(
    name="linear/kernel_predictors",
    module="invlib.studies.linear.kernel_predictors",
    attribute="EXPERIMENT",
    config=KernelPredictors,
    data=lambda config: config.dataset,
    run=solve,
    label=lambda config: "kernel",
)
