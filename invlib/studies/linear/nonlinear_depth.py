"""Deeper nonlinear networks, and networks with bias: where the bottleneck stands (our question).

The same task as in nonlinear_training, for any list of hidden layers. All seeds train as one batch
in float32; 3000 epochs of 10 seeds with 1000 images in four poses take about a minute on one core.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from invlib.config import option
from invlib.errors import UsageError
from invlib.experiment import Experiment, Outcome, Report
from invlib.groups import rotations
from invlib.groups.orbit_products import OrbitProducts
from invlib.models.activations import ACTIVATIONS
from invlib.models.mlp import BatchedMLP
from invlib.studies.linear.nonlinear_sample import (
    POINTS,
    accuracy_on_orbits,
    invariance_errors,
    orbit_means,
    points_to_measure,
)
from invlib.studies.linear.nonlinear_training import METHODS
from invlib.studies.linear.sample import CLASSES, Sample, training_subsets
from invlib.training.batched import train_batched
from invlib.training.seeds import stream


@dataclass(frozen=True)
class Deep(Sample):
    """One list of hidden layers and one way to invariance; seeds as in the two-layer networks."""

    method: str = option("augmented", "the way to invariance", choices=METHODS)
    layers: str = option("7-15", "hidden layers from the input on, joined by hyphens")
    activation: str = option("relu", "activation function", choices=tuple(ACTIVATIONS))
    bias: bool = option(False, "whether every layer has a bias")
    epochs: int = option(400, "full-batch steps", low=1)
    learning_rate: float = option(0.001, "Adam's learning rate", low=1e-9)
    points: int = option(200, "points of each kind under the median of ε_inv", low=1)
    observe_every: int = option(50, "epochs between points of the loss curve", low=1)

    def check(self) -> None:
        hidden_layers(self.layers)

    @property
    def label(self) -> str:
        return f"{self.method}+{self.layers}{'+bias' if self.bias else ''}"


def hidden_layers(text: str) -> list[int]:
    """7-15 as [7, 15]."""
    parts = text.split("-")
    if not all(part.isdecimal() and int(part) >= 1 for part in parts):
        raise UsageError(
            f"parameter layers is {text!r}; it must be widths joined by hyphens, as in 7-15."
        )
    return [int(part) for part in parts]


def train(config: Deep, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """Train one network per seed, all at once."""
    group = rotations(config.side)
    X, Y = (tensor.float() for tensor in training_subsets(config, seeds))
    augmented = config.method == "augmented"
    if augmented:
        inputs, poses = OrbitProducts(X, group), group.order
    else:
        X = orbit_means(X, group)
        inputs, poses = (lambda W: (W @ X.mT).unsqueeze(-2)), 1
    network = BatchedMLP(
        widths=(X.shape[-1], *hidden_layers(config.layers), CLASSES),
        activation=config.activation,
        generators=[stream(seed, "init") for seed in seeds],
        bias=config.bias,
    )
    targets = Y.mT.unsqueeze(-2).expand(-1, -1, poses, -1).flatten(-2).mT

    def losses() -> Tensor:
        products = inputs(network.weights[0]).flatten(-2)  # [seeds, hidden, poses · n]
        return (network.after_first(products.mT) - targets).square().mean((-2, -1))

    epochs, points = [], []

    def observe(epoch: int) -> Tensor:
        with torch.no_grad():
            found = losses()
        epochs.append(epoch)
        points.append(found)
        report(f"nonlinear {config.label}, {len(seeds)} seeds", epoch / config.epochs)
        return found

    train_batched(
        network,
        lambda: losses().sum().backward(),
        epochs=config.epochs,
        learning_rate=config.learning_rate,
        observe_every=config.observe_every,
        observe=observe,
    )
    curves = torch.stack(points, -1).numpy()
    axis = np.array(epochs, dtype=np.int32)
    return [
        Outcome(
            metrics={"loss": float(curves[i, -1]), **_measure(config, seed, _alone(network, i))},
            curves={"epoch": axis, "loss": curves[i]},
        )
        for i, seed in enumerate(seeds)
    ]


def _alone(network: BatchedMLP, place: int) -> Callable[[Tensor], Tensor]:
    """The network of one seed as a function of images."""
    weights = [layer.detach()[place : place + 1] for layer in network.weights]
    biases = [layer.detach()[place : place + 1] for layer in network.biases]
    alone = BatchedMLP(
        widths=[weights[0].shape[-1], *(len(weight[0]) for weight in weights)],
        activation=network.activation,
        generators=[torch.Generator()],
        bias=bool(biases),
    )
    alone.load_state_dict(
        {f"weights.{i}": weight for i, weight in enumerate(weights)}
        | {f"biases.{i}": b for i, b in enumerate(biases)}
    )
    return lambda x: alone(x)[0]


def _measure(config: Deep, seed: int, model: Callable[[Tensor], Tensor]) -> dict[str, float]:
    """Accuracy on unseen images in all poses; for augmented networks also ε_inv."""
    group = rotations(config.side)
    points, labels = points_to_measure(config, config.points, seed)
    with torch.no_grad():
        if config.method == "constrained":
            value = model(orbit_means(points["images"], group)).unsqueeze(-1)
            return {"test_accuracy": accuracy_on_orbits(value, labels)}
        found: dict[str, float] = {}
        for kind in POINTS:
            poses = [model(group.act(points[kind], k)) for k in range(group.order)]
            value = torch.stack(poses, -1)
            found |= invariance_errors(value, kind)
            if kind == "images":
                found["test_accuracy"] = accuracy_on_orbits(value, labels)
    return found


EXPERIMENT = Experiment(
    name="linear/nonlinear_depth",
    module="invlib.studies.linear.nonlinear_depth",
    attribute="EXPERIMENT",
    config=Deep,
    data=lambda config: config.dataset,
    run=train,
    label=lambda config: config.label,
)
