"""The three ways to invariance side by side (paper linear, Figs. 2 and 4)."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from invlib.config import Config, option
from invlib.experiment import Experiment
from invlib.studies.linear.two_layer import EXPERIMENT, TwoLayer
from invlib.studies.study import Study


@dataclass(frozen=True)
class ThreeWays(Config):
    """The notebook's parameters: one setting for all methods, several strengths and seeds."""

    dataset: str = option("digits", "data set", choices=("digits", "mnist", "fashion_mnist"))
    side: int = option(8, "image side in pixels after mean pooling", low=2)
    samples: int = option(500, "training images before augmentation", low=1)
    hidden: int = option(5, "hidden units: the rank bound r", low=1, high=9)
    epochs: int = option(1000, "full-batch steps", low=1)
    learning_rate: float = option(0.001, "Adam's learning rate", low=1e-9)
    strengths: tuple[float, ...] = option(
        (0.001, 0.01, 0.1), "penalty weights λ of the regularized networks", low=1e-12
    )
    seeds: int = option(3, "runs, each with its own subset and initialization", low=1)

    def check(self) -> None:
        self.config("constrained")  # every shared value must also suit the experiment

    def config(self, method: str, strength: float = 0.0) -> TwoLayer:
        """The experiment's configuration for one method."""
        own = {field.name for field in fields(TwoLayer)}
        shared = {name: value for name, value in self.plain().items() if name in own}
        return TwoLayer(**shared, method=method, strength=strength)


def plan(parameters: ThreeWays) -> Sequence[tuple[Experiment, TwoLayer, Sequence[int]]]:
    """Constrained, augmented, and regularized at each strength, with every seed."""
    configs = [parameters.config("constrained"), parameters.config("augmented")]
    configs += [parameters.config("regularized", strength) for strength in parameters.strengths]
    return [(EXPERIMENT, config, range(parameters.seeds)) for config in configs]


STUDY = Study(parameters=ThreeWays, plan=plan)
