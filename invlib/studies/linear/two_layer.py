"""One way to invariance, trained in a two-layer linear network (paper linear, Sec. 4, App. C).

Data: a subset of MNIST at 14x14 (or scikit-learn's digits at 8x8), digit 9 left out, and the
quarter turns. Loss: mean squared error on one-hot targets, or cross-entropy. All seeds train as one
batch; 3000 epochs of 10 seeds take a few seconds on two cores, with cross-entropy half a minute.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from invlib.config import option
from invlib.experiment import Experiment, Outcome, Report
from invlib.groups import Group, rotations
from invlib.methods.ways import LOSSES, Method, method
from invlib.models.two_layer import TwoLayerLinear
from invlib.studies.linear.observer import Observer
from invlib.studies.linear.optimum import Problem, augmented_accuracy, optimum
from invlib.studies.linear.sample import CLASSES, training_subsets, unseen_images
from invlib.training.full_batch import OPTIMIZERS, Objective, train_full_batch
from invlib.training.seeds import stream


@dataclass(frozen=True)
class TwoLayer(Problem):
    """A problem and how it is trained; the seed also chooses the initialization."""

    loss: str = option("mse", "the loss", choices=tuple(LOSSES))
    optimizer: str = option("adam", "how a step is taken", choices=OPTIMIZERS)
    epochs: int = option(1000, "full-batch steps", low=1)
    learning_rate: float = option(0.001, "size of a step", low=1e-9)
    init_scale: float = option(1.0, "both layers' initial weights over PyTorch's default", low=0.0)
    observe_every: int = option(10, "epochs between points of a curve", low=1)

    @property
    def label(self) -> str:
        """The way, and what differs from plain training of it, as in augmented+cross_entropy."""
        usual = TwoLayer()
        parts = [super().label]
        parts += [getattr(self, n) for n in ("loss", "optimizer") if self.differs(n, usual)]
        for name, word in (("learning_rate", "rate"), ("init_scale", "init")):
            if self.differs(name, usual):
                parts.append(f"{word}={getattr(self, name):g}")
        return "+".join(parts)

    def differs(self, name: str, other: "TwoLayer") -> bool:
        return getattr(self, name) != getattr(other, name)


def train(config: TwoLayer, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """Train one network per seed, all at once, and follow accuracy and invariance."""
    group = rotations(config.side)
    way = method(config.method, config.strength)
    X, Y = training_subsets(config, seeds)
    objective = way.objective(LOSSES[config.loss], X, Y, group)
    network = TwoLayerLinear(
        inputs=way.inputs(group),
        hidden=config.hidden,
        outputs=CLASSES,
        generators=[stream(seed, "init") for seed in seeds],
        init_scale=config.init_scale,
    )
    observer = Observer(network, objective, way, X, Y, group)

    def observe(epoch: int, W: Tensor, loss: Tensor) -> None:
        observer.see(epoch, W, loss)
        report(f"two_layer {config.label}, {len(seeds)} seeds", epoch / config.epochs)

    train_full_batch(
        network,
        objective,
        epochs=config.epochs,
        learning_rate=config.learning_rate,
        observe_every=config.observe_every,
        observe=observe,
        optimizer=config.optimizer,
    )
    W = way.in_pixels(network.matrix().detach(), group)
    unseen_X, unseen_Y = unseen_images(config)
    metrics = {
        **observer.last(),
        "test_accuracy": augmented_accuracy(W, unseen_X, unseen_Y, group).numpy(),
        **(_at_the_optimum(config, X, Y, group, way, objective) if config.loss == "mse" else {}),
    }
    return [
        Outcome(
            metrics={name: float(values[i]) for name, values in metrics.items()},
            curves=observer.curves(i),
            arrays={
                "weight": W[i].numpy().astype(np.float32),
                "orbit_weights": observer.orbit_weights(i),
            },
        )
        for i in range(len(seeds))
    ]


def _at_the_optimum(
    config: TwoLayer, X: Tensor, Y: Tensor, group: Group, way: Method, objective: Objective
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
