"""Table 1: accuracy, LI, DI and SI of weight-tying, augmentation and regularization."""

from dataclasses import dataclass

from invlib.config import option
from invlib.models.pooled import POOLINGS
from invlib.studies.genuine import pooled_networks, untrained
from invlib.studies.genuine.pooled_networks import Pooled
from invlib.studies.genuine.sample import DATASETS, GROUPS
from invlib.studies.genuine.setup import Setup
from invlib.studies.study import Runs, Study, Work

POOLED_SEEDS = 4  # at most, as many as the paper has for its one pooling


@dataclass(frozen=True)
class Table1(Setup):
    """The notebook's parameters."""

    other_dataset: str = option(
        "digits", "a second data set; the same again for none", choices=DATASETS
    )

    poolings: tuple[str, ...] = option(
        ("max",), "other poolings of WT, on the first data set", choices=POOLINGS
    )

    @property
    def datasets(self) -> list[str]:
        return list(dict.fromkeys([self.dataset, self.other_dataset]))

    def pooled(self) -> Work:
        """WT with other poolings, a batch for each seed."""
        return [
            (
                pooled_networks.EXPERIMENT,
                Pooled(**self.shared(Pooled), group=group, pooling=pooling),
                [seed],
            )
            for group in GROUPS
            for pooling in self.poolings
            for seed in range(min(self.seeds, POOLED_SEEDS))
        ]

    def untrained(self) -> Work:
        """The networks of augmentation before they have learned anything."""
        return [
            (untrained.EXPERIMENT, self.network(group, "DA", dataset=name), [seed])
            for name in self.datasets
            for group in GROUPS
            for seed in range(self.seeds)
        ]


def plan(parameters: Table1) -> Work:
    """What needs no ν, and the search for ν."""
    return (
        parameters.pooled()
        + parameters.untrained()
        + [
            work
            for name in parameters.datasets
            for work in (
                *parameters.plain_networks(dataset=name),
                *parameters.search(dataset=name),
            )
        ]
    )


def then(parameters: Table1, runs: Runs) -> Work:
    """The regularized networks at the chosen strengths."""
    chosen = [c for name in parameters.datasets for c in parameters.chosen(runs, dataset=name)]
    return parameters.measured(chosen)


STUDY = Study(parameters=Table1, plan=plan, then=then, suits=Table1.check_against)
