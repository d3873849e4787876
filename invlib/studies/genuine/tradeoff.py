"""What a stronger penalty buys and costs: accuracy, LI, SI and σ_max over the strength ν."""

from dataclasses import dataclass, replace

from invlib.config import option
from invlib.errors import UsageError
from invlib.studies.genuine.relative_measures import derive
from invlib.studies.genuine.sample import DATASETS, GROUPS
from invlib.studies.genuine.setup import Setup
from invlib.studies.study import Study, Work


@dataclass(frozen=True)
class Tradeoff(Setup):
    """The notebook's parameters. At paper scale its networks are those of Table 1."""

    train: int = option(200, "training images", low=1)
    validation: int = option(50, "validation images", low=1)
    test: int = option(100, "test images", low=1)
    other_dataset: str = option(
        "digits", "a second data set; the same again for none", choices=DATASETS
    )
    groups: tuple[str, ...] = option(("R4",), "groups of transformations", choices=tuple(GROUPS))
    epochs: int = option(12, "passes over the training images", low=1)
    batch: int = option(16, "images per step", low=1)
    strengths: tuple[float, ...] = option(
        (0.1, 1.0, 10.0), "penalty weights ν, weakest first", low=1e-9
    )
    search_seeds: int = option(1, "runs of the networks with a penalty", low=1)
    seeds: int = option(1, "runs of those without one", low=1)

    def check(self) -> None:
        super().check()
        if len(self.strengths) < 3 or list(self.strengths) != sorted(self.strengths):
            raise UsageError(
                f"parameter strengths is {list(self.strengths)}; it must list at least three, "
                "weakest first."
            )

    @property
    def datasets(self) -> list[str]:
        return list(dict.fromkeys([self.dataset, self.other_dataset]))


def plan(parameters: Tradeoff) -> Work:
    """Augmentation and weight-tying, and the penalty at every strength."""
    each = [replace(parameters, dataset=name) for name in parameters.datasets]
    groups = parameters.groups
    return [
        work
        for own in each
        for work in (*own.plain_networks(groups=groups), *own.search(groups=groups))
    ]


STUDY = Study(parameters=Tradeoff, plan=plan, suits=Tradeoff.check_against, derive=derive)
