"""Two-layer nonlinear networks, augmented or hard-wired (paper linear, App. C.3, Figs. 10, 11).

Data: a subset of MNIST at 14x14 (or scikit-learn's digits), digit 9 left out, and the quarter
turns. One run trains a network per activation on the same subset, all of one width, in float32: on
one core, 3000 epochs of four networks with 15 hidden units take 50 s for 5000 images in four poses.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from torch import Tensor

from invlib.config import option
from invlib.experiment import Experiment, Outcome, Report
from invlib.groups import rotations
from invlib.methods.ways import method
from invlib.models.activations import ACTIVATIONS
from invlib.models.mlp import BatchedMLP
from invlib.models.side_by_side import SideBySide
from invlib.studies.linear.nonlinear_observer import NonlinearObserver, seen_by
from invlib.studies.linear.nonlinear_sample import POINTS, points_to_measure
from invlib.studies.linear.sample import CLASSES, Sample, training_subsets
from invlib.training.batched import train_batched
from invlib.training.seeds import stream

METHODS = ("constrained", "augmented")


@dataclass(frozen=True)
class NonlinearTwoLayer(Sample):
    """One width and one way to invariance; the seed chooses subset, initialization and points."""

    method: str = option("augmented", "the way to invariance", choices=METHODS)
    hidden: int = option(7, "hidden units", low=1)
    activations: tuple[str, ...] = option(
        ("relu", "tanh"), "activation functions, a network each", choices=tuple(ACTIVATIONS)
    )
    epochs: int = option(400, "full-batch steps", low=1)
    learning_rate: float = option(0.001, "Adam's learning rate", low=1e-9)
    points: int = option(200, "points of each kind under the median of ε_inv", low=1)
    observe_every: int = option(50, "epochs between points of the loss curves", low=1)
    measure_every: int = option(500, "epochs between measurements of ε_inv", low=1)

    @property
    def label(self) -> str:
        return f"{self.method}+{self.hidden}+{self.samples}"


def train(config: NonlinearTwoLayer, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """One seed after the other.

    Networks that share their images already fill a core, and the images of one seed stay in its
    cache: as one batch, all seeds took longer.
    """
    X, Y = training_subsets(config, seeds)

    def outcome(place: int, seed: int) -> Outcome:
        def tell(epoch: int) -> None:
            fraction = (place + epoch / config.epochs) / len(seeds)
            report(f"nonlinear {config.label}, {len(seeds)} seeds", fraction)

        return train_one(config, seed, X[place].float(), Y[place].float(), tell)

    return [outcome(place, seed) for place, seed in enumerate(seeds)]


def train_one(
    config: NonlinearTwoLayer, seed: int, X: Tensor, Y: Tensor, tell: Callable[[int], None]
) -> Outcome:
    """A network per activation, all from the same start, on images X and targets Y of one seed."""
    group = rotations(config.side)
    augmented = config.method == "augmented"
    inputs, targets = seen_by(config.method, X, group), Y.mT.contiguous()
    networks = SideBySide(
        [
            BatchedMLP(
                widths=(method(config.method, 0.0).inputs(group), config.hidden, CLASSES),
                activation=name,
                generators=[stream(seed, "init")],
            )
            for name in config.activations
        ]
    )
    points, labels = points_to_measure(config, config.points, seed)
    observer = NonlinearObserver(
        networks,
        config.activations,
        (inputs, targets),
        {kind: seen_by(config.method, points[kind], group) for kind in POINTS},
        group,
        invariance=augmented,
    )

    def observe(epoch: int) -> Tensor:
        if augmented and (epoch % config.measure_every == 0 or epoch == config.epochs):
            observer.measure(epoch)
        tell(epoch)
        return observer.see(epoch)

    train_batched(
        networks,
        lambda: networks.step(inputs, targets),
        epochs=config.epochs,
        learning_rate=config.learning_rate,
        observe_every=config.observe_every,
        observe=observe,
    )
    return Outcome(metrics=observer.metrics(labels), curves=observer.curves())


EXPERIMENT = Experiment(
    name="linear/nonlinear",
    module="invlib.studies.linear.nonlinear_training",
    attribute="EXPERIMENT",
    config=NonlinearTwoLayer,
    data=lambda config: config.dataset,
    run=train,
    label=lambda config: config.label,
)
