"""The three ways to invariance side by side: how well, how fast, at what cost (Figs. 2 and 4)."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from invlib.config import Config, option
from invlib.experiment import Experiment
from invlib.metrics.settling import settling_epoch
from invlib.records.record import Record
from invlib.studies.linear import cost, optimum, two_layer
from invlib.studies.linear.cost import Cost
from invlib.studies.linear.optimum import Problem
from invlib.studies.linear.sample import POOLINGS, Sample
from invlib.studies.linear.two_layer import TwoLayer
from invlib.studies.study import Study


@dataclass(frozen=True)
class ThreeWays(Sample):
    """The notebook's parameters: one setting for all methods, several strengths and seeds."""

    hidden: int = option(5, "hidden units: the rank bound r", low=1, high=9)
    epochs: int = option(1000, "full-batch steps", low=1)
    learning_rate: float = option(0.001, "Adam's learning rate", low=1e-9)
    strengths: tuple[float, ...] = option(
        (0.001, 0.01, 0.1), "penalty weights λ of the regularized networks", low=1e-12
    )
    seeds: int = option(3, "runs, each with its own subset and initialization", low=1)

    def check(self) -> None:
        self.ways(TwoLayer)  # every shared value must also suit the experiment

    def shared_with(self, kind: type[Config]) -> dict[str, object]:
        """The values that another configuration takes too."""
        own = {field.name for field in fields(kind)}
        return {name: value for name, value in self.plain().items() if name in own}

    def ways(self, kind: type[Problem], **changes: str) -> list[Problem]:
        """Constrained, augmented, and regularized at each strength, as configurations."""
        shared = self.shared_with(kind) | changes
        regularized = [kind(**shared, method="regularized", strength=s) for s in self.strengths]
        return [*(kind(**shared, method=m) for m in ("constrained", "augmented")), *regularized]


def plan(parameters: ThreeWays) -> Sequence[tuple[Experiment, Config, Sequence[int]]]:
    """Train every way, solve each in closed form for every way of pooling, and measure the cost.

    Augmentation is left out of the second: its optimum is the constrained one (Theorem 12).
    """
    seeds = range(parameters.seeds)
    trained = [(two_layer.EXPERIMENT, way, seeds) for way in parameters.ways(TwoLayer)]
    solved = [
        (optimum.EXPERIMENT, way, seeds)
        for pooling in POOLINGS
        for way in parameters.ways(Problem, pooling=pooling)
        if way.method != "augmented"
    ]
    measured = [(cost.EXPERIMENT, Cost(**parameters.shared_with(Cost)), seeds)]
    return trained + solved + measured


def derive(record: Record) -> Record:
    """With the epoch at which a trained network's accuracy settles."""
    if record.run.experiment != two_layer.EXPERIMENT.name:
        return record
    settled = settling_epoch(record.curves["epoch"], record.curves["accuracy"])
    return replace(record, metrics={**record.metrics, "settling_epoch": float(settled)})


STUDY = Study(parameters=ThreeWays, plan=plan, suits=ThreeWays.check_against, derive=derive)
