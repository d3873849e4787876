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

from invlib.config import option
from invlib.experiment import Experiment, Outcome, Report
from invlib.groups import Group, rotations
from invlib.methods.linear_mse import Method, Quadratic, method
from invlib.metrics import invariant_proportion, noninvariant_part
from invlib.models.two_layer import TwoLayerLinear
from invlib.studies.linear.optimum import Problem, augmented_accuracy, optimum
from invlib.studies.linear.sample import CLASSES, training_subsets, unseen_images
from invlib.training.full_batch import train_full_batch
from invlib.training.seeds import stream


@dataclass(frozen=True)
class TwoLayer(Problem):
    """A problem and how it is trained; the seed also chooses the initialization."""

    epochs: int = option(1000, "full-batch steps", low=1)
    learning_rate: float = option(0.001, "Adam's learning rate", low=1e-9)
    observe_every: int = option(10, "epochs between points of a curve", low=1)


def train(config: TwoLayer, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """Train one network per seed, all at once, and follow accuracy and invariance."""
    group = rotations(config.side)
    way = method(config.method, config.strength)
    X, Y = training_subsets(config, seeds)
    objective = way.objective(X, Y, group)
    network = TwoLayerLinear(
        inputs=way.inputs(group),
        hidden=config.hidden,
        outputs=CLASSES,
        generators=[stream(seed, "init") for seed in seeds],
    )
    epochs: list[int] = []
    points: dict[str, list[Tensor]] = {}

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
            points.setdefault(name, []).append(values)
        report(f"two_layer {config.label}, {len(seeds)} seeds", epoch / config.epochs)

    train_full_batch(
        network,
        objective,
        epochs=config.epochs,
        learning_rate=config.learning_rate,
        observe_every=config.observe_every,
        observe=observe,
    )
    W = way.in_pixels(network.matrix().detach(), group)
    curves = {name: torch.stack(values, -1).numpy() for name, values in points.items()}
    unseen_X, unseen_Y = unseen_images(config)
    metrics = {
        **{name: values[:, -1] for name, values in curves.items()},
        "test_accuracy": augmented_accuracy(W, unseen_X, unseen_Y, group).numpy(),
        **_at_the_optimum(config, X, Y, group, way, objective),
    }
    return [
        Outcome(
            metrics={name: float(values[i]) for name, values in metrics.items()},
            curves={"epoch": np.array(epochs, dtype=np.int32)}
            | {name: values[i].astype(np.float32) for name, values in curves.items()},
            arrays={"weight": W[i].numpy().astype(np.float32)},
        )
        for i in range(len(seeds))
    ]


def _at_the_optimum(
    config: TwoLayer, X: Tensor, Y: Tensor, group: Group, way: Method, objective: Quadratic
) -> dict[str, np.ndarray]:
    """Loss and accuracy of the global optimum in closed form: what training should approach."""
    W = torch.stack([optimum(config, x, y, group) for x, y in zip(X, Y, strict=True)])
    return {
        "optimum_loss": objective.value(way.from_pixels(W, group)).numpy(),
        "optimum_accuracy": augmented_accuracy(W, X, Y, group).numpy(),
    }


EXPERIMENT = Experiment(
    name="linear/two_layer",
    module="invlib.studies.linear.two_layer",
    attribute="EXPERIMENT",
    config=TwoLayer,
    data=lambda config: config.dataset,
    run=train,
    label=lambda config: config.label,
)
