"""What a stronger penalty buys and costs: accuracy, LI, SI and σ_max over the strength ν."""

from collections.abc import Iterator
from dataclasses import dataclass, fields

from invlib.config import option
from invlib.errors import UsageError
from invlib.studies.genuine.measured import EXPERIMENT
from invlib.studies.genuine.networks import Network
from invlib.studies.genuine.relative_measures import derive
from invlib.studies.genuine.sample import DATASETS, GROUPS, Sample
from invlib.studies.study import Study, Work


@dataclass(frozen=True)
class Tradeoff(Sample):
    """The notebook's parameters. At paper scale its networks are those of Table 1."""

    train: int = option(200, "training images", low=1)
    validation: int = option(50, "validation images", low=1)
    test: int = option(100, "test images", low=1)
    other_dataset: str = option(
        "digits", "a second data set; the same again for none", choices=DATASETS
    )
    groups: tuple[str, ...] = option(("R4",), "groups of transformations", choices=tuple(GROUPS))
    epochs: int = option(12, "passes over the training images", low=1)
    batch: int = option(64, "images per step", low=1)
    width: int = option(64, "hidden units per layer", low=1)
    strengths: tuple[float, ...] = option(
        (0.1, 1.0, 10.0), "penalty weights ν, weakest first", low=1e-9
    )
    seeds: int = option(2, "runs, each with its own split, initialization and batches", low=1)

    def check(self) -> None:
        if len(self.strengths) < 3 or list(self.strengths) != sorted(self.strengths):
            raise UsageError(
                f"parameter strengths is {list(self.strengths)}; it must list at least three, "
                "weakest first."
            )
        self.network(self.dataset, "R4", "DA")  # every shared value must also suit a network

    @property
    def datasets(self) -> list[str]:
        return list(dict.fromkeys([self.dataset, self.other_dataset]))

    def network(self, dataset: str, group: str, method: str, strength: float = 0.0) -> Network:
        own = {field.name for field in fields(Network)}
        shared = {name: value for name, value in self.plain().items() if name in own}
        return Network(
            **{**shared, "dataset": dataset}, group=group, method=method, strength=strength
        )


def plan(parameters: Tradeoff) -> Work:
    """Augmentation and weight-tying, and the penalty at every strength."""
    return [
        (EXPERIMENT, network, [seed])
        for network in _networks(parameters)
        for seed in range(parameters.seeds)
    ]


def _networks(parameters: Tradeoff) -> Iterator[Network]:
    for dataset in parameters.datasets:
        for group in parameters.groups:
            for method in ("DA", "WT"):
                yield parameters.network(dataset, group, method)
            for strength in parameters.strengths:
                yield parameters.network(dataset, group, "IR", strength)


STUDY = Study(parameters=Tradeoff, plan=plan, suits=Tradeoff.check_against, derive=derive)
