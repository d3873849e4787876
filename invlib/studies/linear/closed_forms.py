"""The closed forms of paper linear, held against brute force (Thms. 6, 9, 12, Props. 8, 11)."""

from collections.abc import Sequence
from dataclasses import dataclass

from invlib.config import Config, option
from invlib.data.description import Manifest
from invlib.experiment import Experiment
from invlib.studies.linear import closed_form_check, precision, targets
from invlib.studies.linear.closed_form_check import Check
from invlib.studies.linear.precision import Precision
from invlib.studies.linear.sample import CLASSES, POOLINGS
from invlib.studies.linear.targets import Targets
from invlib.studies.study import Study


@dataclass(frozen=True)
class ClosedForms(Config):
    """The notebook's parameters."""

    dataset: str = option("digits", "data set", choices=("digits", "mnist", "fashion_mnist"))
    sides: tuple[int, ...] = option((4, 8), "image sides after pooling, the last for Fig. 5", low=2)
    samples: int = option(500, "training images before augmentation", low=1)
    hidden: int = option(5, "hidden units: the rank bound r", low=1, high=CLASSES)
    strengths: tuple[float, ...] = option((0.001, 0.01, 0.1), "penalty weights λ", low=1e-12)
    starts: int = option(10, "random starts of the brute force, per seed and problem", low=1)
    decades: tuple[int, ...] = option((0, 3, 5), "spreads of the inputs that test digits", low=0)
    every: int = option(3, "decades of λ between two points of the test of digits", low=1)
    seeds: int = option(3, "runs, each with its own subset", low=1)

    def checks(self) -> list[Check]:
        """One comparison for every size of the images."""
        shared = {
            name: getattr(self, name)
            for name in ("dataset", "samples", "hidden", "strengths", "starts")
        }
        return [Check(**shared, side=side) for side in self.sides]

    def check_against(self, manifest: Manifest) -> None:
        """Refuse sides and numbers of samples that the data set lacks."""
        for config in self.checks():
            config.check_against(manifest)


def plan(parameters: ClosedForms) -> Sequence[tuple[Experiment, Config, Sequence[int]]]:
    """Brute force at every side; digits lost at every spread; Fig. 5 for every way of pooling."""
    seeds = range(parameters.seeds)
    largest = {"dataset": parameters.dataset, "samples": parameters.samples}
    largest["side"] = parameters.sides[-1]
    return [
        *((closed_form_check.EXPERIMENT, check, seeds) for check in parameters.checks()),
        *(
            (precision.EXPERIMENT, Precision(decades=d, every=parameters.every), seeds)
            for d in parameters.decades
        ),
        *((targets.EXPERIMENT, Targets(**largest, pooling=p), seeds) for p in POOLINGS),
    ]


STUDY = Study(parameters=ClosedForms, plan=plan, suits=ClosedForms.check_against)
