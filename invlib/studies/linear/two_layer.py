"""One way to invariance, trained in a two-layer linear network (paper linear, Sec. 4).

Data: a subset of MNIST at 14x14 (or scikit-learn's digits at 8x8), digit 9 left out, and the
quarter turns. Loss: mean squared error on one-hot targets. All seeds train as one batch; 3000
epochs of 10 seeds take a few seconds on two cores.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from invlib.closed_form import augmented_optimum, constrained_optimum, regularized_optimum
from invlib.config import Config, option
from invlib.errors import UsageError
from invlib.experiment import Experiment, Outcome, Report
from invlib.groups import Group, rotations
from invlib.methods.linear_mse import Quadratic, method
from invlib.metrics import invariant_proportion, noninvariant_part
from invlib.models.two_layer import TwoLayerLinear
from invlib.studies.linear.sample import CLASSES, unseen_images, training_subsets
from invlib.training.full_batch import train_full_batch
from invlib.training.seeds import stream

METHODS = ("constrained", "augmented", "regularized")


@dataclass(frozen=True)
class TwoLayer(Config):
    """One method at one strength; the seed is not part of it."""

    dataset: str = option("digits", "data set", choices=("digits", "mnist", "fashion_mnist"))
    side: int = option(8, "image side after mean pooling", low=2)
    samples: int = option(500, "training images before augmentation", low=1)
    hidden: int = option(5, "hidden units: the rank bound", low=1, high=CLASSES)
    epochs: int = option(1000, "full-batch steps", low=1)
    learning_rate: float = option(0.001, "Adam's learning rate", low=1e-9)
    method: str = option("augmented", "the way to invariance", choices=METHODS)
    strength: float = option(0.0, "weight of the penalty ‖WG‖² (regularized only)", low=0.0)
    observe_every: int = option(10, "epochs between points of a curve", low=1)

    def check(self) -> None:
        if self.method != "regularized" and self.strength:
            raise UsageError(f"parameter strength is {self.strength}; only regularized takes one.")


def label(config: TwoLayer) -> str:
    """A short name: the method, with its strength if it has one."""
    return f"{config.method}-{config.strength:g}" if config.strength else config.method


def train(config: TwoLayer, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """Train one network per seed, all at once, and follow accuracy and invariance."""
    group = rotations(config.side)
    way = method(config.method, config.strength)
    X, Y = training_subsets(config.dataset, config.side, config.samples, seeds)
    objective = way.objective(X, Y, group)
    network = TwoLayerLinear(
        inputs=way.inputs(group),
        hidden=config.hidden,
        outputs=CLASSES,
        generators=[stream(seed, "init") for seed in seeds],
    )
    history: dict[str, list[Tensor]] = {}
    epochs = []

    def observe(epoch: int, W: Tensor, loss: Tensor) -> None:
        in_pixels = way.in_pixels(W, group)
        seen = {
            "loss": loss,
            "accuracy": augmented_accuracy(in_pixels, X, Y, group),
            "noninvariant_norm": torch.linalg.matrix_norm(noninvariant_part(in_pixels, group)),
            "invariant_proportion": invariant_proportion(in_pixels, group),
        }
        epochs.append(epoch)
        for name, values in seen.items():
            history.setdefault(name, []).append(values)
        report(f"two_layer {label(config)}, {len(seeds)} seeds", epoch / config.epochs)

    train_full_batch(
        network,
        objective,
        epochs=config.epochs,
        learning_rate=config.learning_rate,
        observe_every=config.observe_every,
        observe=observe,
    )
    curves = {name: torch.stack(values, -1).numpy() for name, values in history.items()}
    W = way.in_pixels(network.matrix().detach(), group)
    metrics = {name: values[:, -1] for name, values in curves.items()}
    metrics["test_accuracy"] = _test_accuracy(config, W, group).numpy()
    metrics |= _at_the_optimum(config, X, Y, group, objective)
    return [
        Outcome(
            metrics={name: float(values[i]) for name, values in metrics.items()},
            curves={"epoch": np.array(epochs, dtype=np.int32)}
            | {name: values[i].astype(np.float32) for name, values in curves.items()},
            arrays={"weight": W[i].numpy().astype(np.float32)},
        )
        for i in range(len(seeds))
    ]


def augmented_accuracy(W: Tensor, X: Tensor, Y: Tensor, group: Group) -> Tensor:
    """The share of all transformed images that W [seeds, classes, pixels] classifies rightly.

    W ρ(g) is applied to the plain images: turning the few rows of W, not the many images.
    """
    labels = Y.argmax(-1)
    W, X = W.float(), X.float()
    hits = []
    for k in range(group.order):
        turned = group.act(W, group.inverse(k))
        hits.append(((X @ turned.mT).argmax(-1) == labels).float().mean(-1))
    return torch.stack(hits).mean(0).double()


def _test_accuracy(config: TwoLayer, W: Tensor, group: Group) -> Tensor:
    X, Y = unseen_images(config.dataset, config.side)
    return augmented_accuracy(W, X, Y, group)


def _at_the_optimum(
    config: TwoLayer, X: Tensor, Y: Tensor, group: Group, objective: Quadratic
) -> dict[str, np.ndarray]:
    """Loss and accuracy of the global optimum in closed form: what training should approach."""
    optima = [_optimum(config, x, y, group) for x, y in zip(X, Y, strict=True)]
    W = torch.stack(optima)
    if config.method == "constrained":
        basis = group.orbit_basis().to(W)
        in_orbits = W @ basis / basis.amax(0)  # the map on orbit means that equals W on pixels
        loss = objective.value(in_orbits)
    else:
        loss = objective.value(W)
    accuracy = augmented_accuracy(W, X, Y, group)
    return {"optimum_loss": loss.numpy(), "optimum_accuracy": accuracy.numpy()}


def _optimum(config: TwoLayer, X: Tensor, Y: Tensor, group: Group) -> Tensor:
    if config.method == "constrained":
        return constrained_optimum(X, Y, group, config.hidden)
    if config.method == "augmented":
        return augmented_optimum(X, Y, group, config.hidden)
    # The mean over classes in our loss divides the error, not the penalty, of the paper's eq. 7.
    return regularized_optimum(X, Y, group, config.hidden, config.strength * CLASSES)


EXPERIMENT = Experiment(
    name="linear/two_layer",
    module="invlib.studies.linear.two_layer",
    attribute="EXPERIMENT",
    config=TwoLayer,
    data=lambda config: config.dataset,
    run=train,
    label=label,
)
