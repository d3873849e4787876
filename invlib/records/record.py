"""One run of one configuration with one seed, as it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from invlib.config import Config
from invlib.experiment import Experiment, digest


@dataclass(frozen=True)
class Run:
    """The name of a run: what would have to be equal for its result to be the same."""

    experiment: str
    label: str
    config: Mapping[str, Any] = field(hash=False)  # a dict; the others tell runs apart well enough
    seed: int
    data: str  # the data set
    data_checksum: str

    @property
    def key(self) -> str:
        parts = [self.experiment, self.config, self.seed, self.data_checksum]
        return digest(parts)[:16]

    @property
    def path(self) -> str:
        """Where a store keeps it, without the ending."""
        return f"{self.experiment}/{self.label}-seed{self.seed}-{self.key}"

    def __str__(self) -> str:
        return f"{self.experiment} {self.label} seed {self.seed}"


@dataclass(frozen=True)
class Record:
    """A finished run: its name, its numbers and where they come from."""

    run: Run
    metrics: Mapping[str, float]
    curves: Mapping[str, np.ndarray]
    arrays: Mapping[str, np.ndarray]
    provenance: Mapping[str, Any]


def name_run(experiment: Experiment, config: Config, seed: int, data_checksum: str) -> Run:
    """The run of one configuration with one seed."""
    return Run(
        experiment=experiment.name,
        label=experiment.label(config),
        config=config.plain(),
        seed=seed,
        data=experiment.data(config),
        data_checksum=data_checksum,
    )
