"""The small network that the primer looks at: the paper's DA with two hidden layers."""

from dataclasses import dataclass, replace

from torch import Tensor

from invlib.config import option
from invlib.errors import UsageError
from invlib.experiment import Report
from invlib.saliency import Model
from invlib.studies.genuine.networks import Network, build, networks
from invlib.studies.genuine.sample import Sample
from invlib.training.seeds import stream

BATCH, LEARNING_RATE, DEPTH = 100, 0.003, 2  # small and fast, not the paper's


@dataclass(frozen=True)
class Small(Sample):
    """The images, the network and its training."""

    train: int = option(500, "training images", low=1)
    explained: int = option(40, "the first of the test images, for saliency and Jacobians", low=1)
    width: int = option(64, "units in each of the two hidden layers", low=1)
    epochs: int = option(40, "passes over the training images", low=1)

    def check(self) -> None:
        if self.explained > self.test:
            raise UsageError(
                f"parameter explained is {self.explained}; it must be at most test, {self.test}."
            )

    @property
    def network(self) -> Network:
        """What is trained: turned at random, no penalty, best on validation images."""
        parts = {name: getattr(self, name) for name in Sample.__dataclass_fields__}
        return Network(
            **parts,
            width=self.width,
            depth=DEPTH,
            epochs=self.epochs,
            batch=min(BATCH, self.train),
            learning_rate=LEARNING_RATE,
        )


@dataclass(frozen=True)
class Drawn:
    """The test images of one seed in double precision, and a function that has learned nothing."""

    test: Tensor  # [n, side * side] in [0, 1]
    test_labels: Tensor
    side: int
    untrained: Model


def learn(config: Small, seed: int, report: Report | None = None) -> tuple[Model, Drawn]:
    """The function f from pixels in [0, 1] to logits, in double precision, and images it never saw.

    Double precision, because what holds exactly is to be seen to hold exactly.
    """
    (trained,) = networks(config.network, [seed], report)
    parts, test = trained.parts, trained.parts.test
    trained.network.double()
    fresh = build(config.network, parts, [stream(seed, "untrained")]).double()
    untrained = replace(trained, network=fresh.requires_grad_(False)).on_pixels
    return trained.on_pixels, Drawn(test.pixels.double(), test.labels, parts.side, untrained)
