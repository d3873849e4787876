"""What the rank bound r does, and what changes where it does not bind (paper linear, Sec. 3)."""

from collections.abc import Sequence
from dataclasses import dataclass

from invlib.config import Config, option
from invlib.data.description import Manifest
from invlib.experiment import Experiment
from invlib.studies.linear import rank_bound, rank_descent
from invlib.studies.linear.rank_bound import RankBound
from invlib.studies.linear.rank_descent import RankDescent
from invlib.studies.linear.sample import POOLINGS
from invlib.studies.study import Study


@dataclass(frozen=True)
class Rank(Config):
    """The notebook's parameters."""

    dataset: str = option("digits", "data set", choices=("digits", "mnist", "fashion_mnist"))
    sides: tuple[int, ...] = option((4, 8), "image sides; training uses the first", low=2)
    pooling: str = option("mean", "how images are made smaller", choices=POOLINGS)
    samples: int = option(500, "training images before augmentation", low=1)
    strengths: tuple[float, ...] = option((0.001, 0.01, 0.1), "penalty weights λ", low=1e-12)
    widths: tuple[int, ...] = option((2, 4, 9, 16), "hidden units of trained networks", low=1)
    trained_strength: float = option(0.01, "penalty weight of trained networks", low=1e-12)
    starts: int = option(3, "random starts per seed and width", low=1)
    epochs: int = option(500, "full-batch steps", low=1)
    learning_rate: float = option(0.03, "Adam's learning rate", low=1e-9)
    seeds: int = option(3, "runs, each with its own subset", low=1)

    def check(self) -> None:
        self.descents()  # every shared value must also suit the experiment

    def ways(self, strengths: Sequence[float]) -> list[dict]:
        """Constrained, and regularized at each strength, as parts of configurations."""
        return [
            {"method": "constrained"},
            *({"method": "regularized", "strength": strength} for strength in strengths),
        ]

    def bounds(self) -> list[RankBound]:
        """Every way at every size of the images."""
        ways = [{"method": "augmented"}, *self.ways(self.strengths)]
        return [
            RankBound(**self._shared("dataset", "pooling", "samples"), side=side, **way)
            for side in self.sides
            for way in ways
        ]

    def descents(self) -> list[RankDescent]:
        """Two ways at every width of the hidden layer."""
        names = ("dataset", "pooling", "samples", "starts", "epochs", "learning_rate")
        return [
            RankDescent(**self._shared(*names), side=self.sides[0], hidden=width, **way)
            for way in self.ways([self.trained_strength])
            for width in self.widths
        ]

    def check_against(self, manifest: Manifest) -> None:
        """Refuse sides and numbers of samples that the data set lacks."""
        for config in self.bounds():
            config.check_against(manifest)

    def _shared(self, *names: str) -> dict:
        return {name: getattr(self, name) for name in names}


def plan(parameters: Rank) -> Sequence[tuple[Experiment, Config, Sequence[int]]]:
    """Closed forms over every r; training below, at and above the rank that is needed."""
    seeds = range(parameters.seeds)
    return [
        *((rank_bound.EXPERIMENT, config, seeds) for config in parameters.bounds()),
        *((rank_descent.EXPERIMENT, config, seeds) for config in parameters.descents()),
    ]


STUDY = Study(parameters=Rank, plan=plan, suits=Rank.check_against)
