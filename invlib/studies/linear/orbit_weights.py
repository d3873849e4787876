"""The columns of W on one pixel orbit grow together (paper linear, Figs. 1 and 6)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from invlib.config import Config, option
from invlib.experiment import Experiment
from invlib.groups import Group, rotations
from invlib.metrics.orbit_spread import orbit_spread
from invlib.records.record import Record
from invlib.studies.linear import orbit_contrast, two_layer
from invlib.studies.linear.sample import Sample
from invlib.studies.linear.two_layer import TwoLayer
from invlib.studies.study import Study


@dataclass(frozen=True)
class OrbitWeights(Sample):
    """The notebook's parameters: one setting for both losses and all ways."""

    hidden: int = option(5, "hidden units: the rank bound r", low=1, high=9)
    epochs: int = option(1000, "full-batch steps", low=1)
    learning_rate: float = option(0.001, "Adam's learning rate", low=1e-9)
    strengths: tuple[float, ...] = option(
        (0.1,), "penalty weights λ of the regularized networks", low=1e-12
    )
    seeds: int = option(3, "runs, each with its own subset and initialization", low=1)

    def check(self) -> None:
        self.trainings()  # every shared value must also suit the experiment

    @property
    def sample(self) -> Sample:
        return Sample(self.dataset, self.side, self.pooling, self.samples)

    def trainings(self) -> list[TwoLayer]:
        """Augmented and regularized with either loss; constrained with squared error.

        A constrained network's columns are equal from the start, so one loss says it all.
        """
        shared = {n: v for n, v in self.plain().items() if n not in ("strengths", "seeds")}
        found = [TwoLayer(**shared, method="constrained")]
        for loss in ("mse", "cross_entropy"):
            found.append(TwoLayer(**shared, loss=loss, method="augmented"))
            found += [
                TwoLayer(**shared, loss=loss, method="regularized", strength=strength)
                for strength in self.strengths
            ]
        return found


def plan(parameters: OrbitWeights) -> Sequence[tuple[Experiment, Config, Sequence[int]]]:
    """Train every way with either loss, and look at the images' orbits."""
    seeds = range(parameters.seeds)
    trained = [(two_layer.EXPERIMENT, config, seeds) for config in parameters.trainings()]
    return [*trained, (orbit_contrast.EXPERIMENT, parameters.sample, seeds)]


def derive(record: Record) -> Record:
    """With the spread of W's columns: on the orbit followed over training, at the corners last."""
    if record.run.experiment != two_layer.EXPERIMENT.name:
        return record
    spread = orbit_spread(record.arrays["orbit_weights"])
    corners = spread_by_pixel(record.arrays["weight"], rotations(record.run.config["side"]))[0]
    return replace(
        record,
        curves={**record.curves, "orbit_spread": spread},
        metrics={
            **record.metrics,
            "orbit_spread": float(spread[-1]),
            "corner_spread": float(corners),
        },
    )


def spread_by_pixel(weight: np.ndarray, group: Group) -> np.ndarray:
    """For every pixel the spread of W's columns on its orbit: W [classes, pixels] to [pixels]."""
    orbits = group.orbit(torch.arange(group.pixels)).T.numpy()  # [pixels, order]: who is in each
    return orbit_spread(np.moveaxis(weight[:, orbits], 1, 0))


STUDY = Study(parameters=OrbitWeights, plan=plan, suits=OrbitWeights.check_against, derive=derive)
