"""Does the trade-off hold for other architectures and training regimes? (third-party summary)

Every family by augmentation and with penalties, the hard-wired relatives, other optimizers, and the
paper's perceptron followed for as long as the paper trains it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

from invlib.config import Config, option
from invlib.data.description import Manifest
from invlib.errors import UsageError
from invlib.experiment import Experiment
from invlib.studies.genuine import architecture
from invlib.studies.genuine.architecture_networks import FAMILIES, HARD_WIRED, Architecture
from invlib.studies.genuine.sample import Sample
from invlib.studies.study import Study

PLAIN = "mlp"  # the paper's own architecture: the one whose regime is varied
OTHER_OPTIMIZERS = ("sgd", "adamw")


@dataclass(frozen=True)
class Architectures(Sample):
    """The notebook's parameters: families, strengths, optimizers, and how long to train."""

    test: int = option(60, "test images", low=1)
    width: int = option(64, "hidden units per layer of the perceptrons", low=1)
    epochs: int = option(8, "passes over the training images", low=1)
    late_epochs: int = option(12, "the same for the networks that are followed for longer", low=1)
    batch: int = option(32, "images per step", low=1)
    learning_rate: float = option(0.003, "learning rate of Adam and AdamW", low=1e-9)
    sgd_learning_rate: float = option(0.05, "learning rate of SGD with momentum 0.9", low=1e-9)
    families: tuple[str, ...] = option(
        ("mlp", "cnn"), "architectures under quarter turns R4", choices=FAMILIES
    )
    shifted: tuple[str, ...] = option(
        ("mlp",), "architectures under translations T3", choices=FAMILIES
    )
    strengths: tuple[float, ...] = option((3.0,), "penalty weights ν of IR", low=1e-9)
    optimizers: tuple[str, ...] = option(
        ("adamw",), "other optimizers for the perceptron", choices=OTHER_OPTIMIZERS
    )
    followed: int = option(20, "validation images under the curves over training", low=1)
    seeds: int = option(1, "runs, each with its own images and initialization", low=1)

    def check(self) -> None:
        if PLAIN not in self.families:
            raise UsageError(
                f"parameter families is {list(self.families)}; it must list {PLAIN}, which the "
                "others are held against."
            )
        if self.late_epochs <= self.epochs:
            raise UsageError(
                f"parameter late_epochs is {self.late_epochs}; it must be above epochs, "
                f"{self.epochs}."
            )
        if self.batch > self.train:
            raise UsageError(
                f"parameter batch is {self.batch}; it must be at most train, {self.train}."
            )

    def check_against(self, manifest: Manifest) -> None:
        super().check_against(manifest)
        side = manifest.split("train").shape[0] + 2 * self.padding
        if "cnn" in (*self.families, *self.shifted) and side % 4:
            raise UsageError(
                f"parameter padding is {self.padding}: the images are {side} pixels wide, which 4 "
                "does not divide, the stride of the convolutional networks."
            )

    @property
    def strongest(self) -> float:
        return max(self.strengths)

    def network(self, **changes: object) -> Architecture:
        """The configuration of one network: what it shares with the notebook, and changes."""
        own = {field.name for field in fields(Architecture)} - {"followed"}
        shared = {name: value for name, value in self.plain().items() if name in own}
        return Architecture(**shared | changes)


def plan(parameters: Architectures) -> Sequence[tuple[Experiment, Config, Sequence[int]]]:
    """One batch per network, the longest first."""
    return [
        (architecture.EXPERIMENT, config, [seed])
        for config in _networks(parameters)
        for seed in range(parameters.seeds)
    ]


def _networks(parameters: Architectures) -> Iterator[Architecture]:
    strongest = {"method": "IR", "strength": parameters.strongest}
    for way in ({}, strongest):
        yield parameters.network(
            **way, family=PLAIN, epochs=parameters.late_epochs, followed=parameters.followed
        )
    for family in reversed(parameters.families):
        if "R4" in HARD_WIRED.get(family, ()):
            yield parameters.network(family=family, method="hard")
        yield parameters.network(family=family)
        for strength in parameters.strengths:
            yield parameters.network(family=family, method="IR", strength=strength)
    for family in parameters.shifted:
        for way in ({}, strongest):
            yield parameters.network(**way, family=family, group="T3")
        if "T3" in HARD_WIRED.get(family, ()):
            yield parameters.network(family=family, group="T3", method="hard")
    for optimizer in parameters.optimizers:
        rate = parameters.sgd_learning_rate if optimizer == "sgd" else parameters.learning_rate
        for way in ({}, strongest):
            yield parameters.network(**way, family=PLAIN, optimizer=optimizer, learning_rate=rate)


STUDY = Study(parameters=Architectures, plan=plan, suits=Architectures.check_against)
