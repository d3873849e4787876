"""Whether invariance survives when the images change (genuine, Fig. 4; and our own question)."""

from dataclasses import dataclass

from invlib.config import Config, option
from invlib.data.description import Manifest
from invlib.errors import UsageError
from invlib.studies.genuine import drift_mixing, drift_shifts, measured
from invlib.studies.genuine.drift_mixing import SECOND, DriftMixing
from invlib.studies.genuine.drift_shifts import DriftShifts
from invlib.studies.genuine.networks import Network
from invlib.studies.genuine.sample import DATASETS, GROUPS
from invlib.studies.genuine.strength_search import chosen_strengths
from invlib.studies.study import Runs, Study, Work

METHODS = ("DA", "WT", "IR")
TRAINING = (
    *("dataset", "padding", "train", "validation", "test"),
    *("epochs", "batch", "learning_rate", "depth", "width"),
)


@dataclass(frozen=True)
class Drift(Config):
    """The notebook's parameters."""

    dataset: str = option("digits", "data set", choices=DATASETS)
    second: str = option("photographs", "what the images are mixed with", choices=SECOND)
    padding: int = option(2, "black pixels added on every side", low=0, high=32)
    train: int = option(300, "training images", low=1)
    validation: int = option(100, "validation images", low=1)
    test: int = option(300, "test images", low=1)
    mixed: int = option(300, "test images that are mixed", low=1)
    few: int = option(200, "images under the other readings", low=1)
    shifted: int = option(150, "test images under every realistic shift", low=1)
    groups: tuple[str, ...] = option(("R4", "T3"), "groups", choices=tuple(GROUPS))
    strengths: tuple[float, ...] = option((1.0,), "penalty weights ν to choose from", low=1e-9)
    search_seeds: int = option(1, "networks per weight that the choice of ν rests on", low=1)
    epochs: int = option(20, "passes over the training images", low=1)
    batch: int = option(64, "images per step", low=1)
    learning_rate: float = option(0.003, "Adam's learning rate", low=1e-9)
    depth: int = option(5, "hidden layers", low=1, high=50)
    width: int = option(64, "hidden units per layer", low=1)
    seeds: int = option(2, "networks of each method, each with its own split", low=1)

    def check(self) -> None:
        for group in self.groups:  # every shared value must also suit the experiments
            self.mixing(group, "DA", 0.0)
            self.shifts(group, "DA", 0.0)
        if self.search_seeds > self.seeds:
            raise UsageError(
                f"parameter search_seeds is {self.search_seeds}; it must be at most seeds, "
                f"{self.seeds}."
            )

    def searched(self) -> list[Network]:
        """The regularized networks among which the weight ν is chosen."""
        return [
            Network(**self._training(), group=group, method="IR", strength=strength)
            for group in self.groups
            for strength in self.strengths
        ]

    def mixing(self, group: str, method: str, strength: float) -> DriftMixing:
        extent = {"images": self.mixed, "few": self.few, "second": self.second}
        return DriftMixing(**self._network(group, method, strength), **extent)

    def shifts(self, group: str, method: str, strength: float) -> DriftShifts:
        return DriftShifts(**self._network(group, method, strength), images=self.shifted)

    def check_against(self, manifest: Manifest) -> None:
        """Refuse more images than the data set has."""
        self.mixing(self.groups[0], "DA", 0.0).check_against(manifest)

    def _network(self, group: str, method: str, strength: float) -> dict:
        return {**self._training(), "group": group, "method": method, "strength": strength}

    def _training(self) -> dict:
        return {name: getattr(self, name) for name in TRAINING}


def plan(parameters: Drift) -> Work:
    """First the search for ν, the same as that of table1; DA and WT need no search."""
    search = [
        (measured.EXPERIMENT, config, [seed])
        for config in parameters.searched()
        for seed in range(parameters.search_seeds)
    ]
    plain = [
        work
        for group in parameters.groups
        for method in ("DA", "WT")
        for work in _both(parameters, group, method, 0.0)
    ]
    return [*search, *plain]


def then(parameters: Drift, runs: Runs) -> Work:
    """The regularized networks, at the ν that the search has chosen."""
    dataset = parameters.dataset
    chosen = chosen_strengths(runs, ["IR"], parameters.groups, [dataset])
    return [
        work
        for group in parameters.groups
        for work in _both(parameters, group, "IR", chosen[dataset, group, "IR"])
    ]


def _both(parameters: Drift, group: str, method: str, strength: float) -> Work:
    """One network per seed, first mixed, then shifted; each kept as it finishes."""
    return [
        (experiment, config, [seed])
        for seed in range(parameters.seeds)
        for experiment, config in (
            (drift_mixing.EXPERIMENT, parameters.mixing(group, method, strength)),
            (drift_shifts.EXPERIMENT, parameters.shifts(group, method, strength)),
        )
    ]


STUDY = Study(parameters=Drift, plan=plan, suits=Drift.check_against, then=then)
