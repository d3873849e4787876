"""Table 1: accuracy, LI, DI and SI of weight-tying, augmentation and regularization."""

from dataclasses import dataclass, replace

from invlib.config import option
from invlib.models.pooled import POOLINGS
from invlib.studies.genuine import pooled_measured, untrained
from invlib.studies.genuine.pooled_networks import POOLED_SEEDS, Pooled
from invlib.studies.genuine.sample import DATASETS, GROUPS
from invlib.studies.genuine.setup import Setup
from invlib.studies.study import Runs, Study, Work


@dataclass(frozen=True)
class Table1(Setup):
    """The notebook's parameters."""

    other_dataset: str = option(
        "digits", "a second data set; the same again for none", choices=DATASETS
    )
    other_seeds: int = option(1, "runs on the second data set", low=1)
    poolings: tuple[str, ...] = option(
        ("max",), "other poolings of WT, on the first data set", choices=POOLINGS
    )

    def by_dataset(self) -> "list[Table1]":
        """These parameters, and then those of the second data set if there is one."""
        other = replace(self, dataset=self.other_dataset, seeds=self.other_seeds)
        return [self] if other.dataset == self.dataset else [self, other]

    def pooled(self) -> Work:
        """WT with other poolings, a batch for each seed."""
        return [
            (
                pooled_measured.EXPERIMENT,
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
            (untrained.EXPERIMENT, self.network(group, "DA"), [seed])
            for group in GROUPS
            for seed in range(self.seeds)
        ]


def plan(parameters: Table1) -> Work:
    """What needs no ν, and the search for ν."""
    each = parameters.by_dataset()
    return [
        *parameters.pooled(),
        *(work for own in each for work in own.untrained()),
        *(work for own in each for work in (*own.plain_networks(), *own.search())),
    ]


def then(parameters: Table1, runs: Runs) -> Work:
    """The regularized networks at the chosen strengths."""
    each = parameters.by_dataset()
    return [work for own in each for work in own.measured(own.chosen(runs))]


STUDY = Study(parameters=Table1, plan=plan, then=then, suits=Table1.check_against)
