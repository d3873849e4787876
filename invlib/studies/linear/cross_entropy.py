"""The three ways trained with cross-entropy, and critical points of that problem (App. C.2)."""

from collections.abc import Sequence
from dataclasses import dataclass

from invlib.config import Config, option
from invlib.data.description import Manifest
from invlib.experiment import Experiment
from invlib.studies.linear import cross_entropy_search, pooled, two_layer
from invlib.studies.linear.cross_entropy_search import CriticalPoints
from invlib.studies.linear.sample import CLASSES, POOLINGS, Sample
from invlib.studies.linear.three_ways import ThreeWays
from invlib.studies.linear.two_layer import TwoLayer
from invlib.studies.study import Study

HALF = 2  # of the four turns: what a search with a part of the group is shown


@dataclass(frozen=True)
class CrossEntropy(ThreeWays):
    """The notebook's parameters: those of `ThreeWays`, then those of the search."""

    strengths: tuple[float, ...] = option(
        (0.01, 0.1, 1.0), "penalty weights λ of the regularized networks", low=1e-12
    )
    poolings: tuple[str, ...] = option(
        ("mean",), "ways to make images smaller that are compared", choices=POOLINGS
    )
    samples: int = option(300, "training images before augmentation", low=1)
    epochs: int = option(500, "full-batch steps", low=1)
    seeds: int = option(2, "runs, each with its own subset and initialization", low=1)
    search_side: int = option(4, "image side in the search for critical points", low=2)
    search_samples: int = option(100, "training images in the search", low=1)
    search_hidden: int = option(2, "hidden units in the search", low=1, high=CLASSES - 1)
    search_strengths: tuple[float, ...] = option(
        (0.01, 0.1, 1.0), "penalty weights λ in the search", low=1e-12
    )
    starts: int = option(8, "random starts of each search", low=1)
    wide_starts: int = option(1, "the same for the search without bottleneck", low=1)

    def check(self) -> None:
        super().check()
        self.searches()

    def trained(self) -> list[TwoLayer]:
        """The networks of Figs. 7 and 9."""
        return self.ways(TwoLayer, loss="cross_entropy")

    def pooled(self) -> list[TwoLayer]:
        """The hard-wired and the most weakly penalized network on images made smaller otherwise."""
        others = [pooling for pooling in self.poolings if pooling != self.pooling]
        weakest = min(self.strengths)
        return [
            way
            for pooling in others
            for way in self.ways(TwoLayer, loss="cross_entropy", pooling=pooling)
            if way.method == "constrained" or way.strength == weakest
        ]

    def searches(self) -> list[CriticalPoints]:
        """Each way with a bottleneck; augmentation also without one, and with half the group."""
        shared = {
            "dataset": self.dataset,
            "side": self.search_side,
            "pooling": self.pooling,
            "samples": self.search_samples,
            "hidden": self.search_hidden,
            "starts": self.starts,
        }
        wide = shared | {"hidden": CLASSES, "starts": self.wide_starts}
        return [
            CriticalPoints(**shared, method="constrained"),
            CriticalPoints(**shared, method="augmented"),
            CriticalPoints(**wide, method="augmented"),
            CriticalPoints(**shared, method="augmented", turns=HALF),
            *(
                CriticalPoints(**shared, method="regularized", strength=strength)
                for strength in self.search_strengths
            ),
        ]

    def check_against(self, manifest: Manifest) -> None:
        super().check_against(manifest)
        for search in self.searches():
            Sample.check_against(search, manifest)


def plan(parameters: CrossEntropy) -> Sequence[tuple[Experiment, Config, Sequence[int]]]:
    """Train, compare ways to make images smaller, and search, each with every seed."""
    seeds = range(parameters.seeds)
    work = (
        (two_layer.EXPERIMENT, parameters.trained()),
        (pooled.EXPERIMENT, parameters.pooled()),
        (cross_entropy_search.EXPERIMENT, parameters.searches()),
    )
    return [(experiment, config, seeds) for experiment, configs in work for config in configs]


STUDY = Study(parameters=CrossEntropy, plan=plan, suits=CrossEntropy.check_against)
