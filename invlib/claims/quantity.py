"""A number of ours, one per seed, picked out of the records of a study."""

from dataclasses import dataclass

import numpy as np

from invlib.config import REQUIRED, Config, option
from invlib.errors import InvlibError
from invlib.studies.study import Runs


@dataclass(frozen=True)
class Quantity(Config):
    """A metric of the runs with one label, or a curve of theirs at one epoch."""

    label: str = option(REQUIRED, "the runs: method and strength")
    metric: str = option("", "a metric of the records")
    curve: str = option("", "or a curve of the records")
    at: int = option(0, "the epoch at which the curve is read", low=0)

    def check(self) -> None:
        if bool(self.metric) == bool(self.curve):
            raise InvlibError("a quantity names either a metric or a curve.")

    @property
    def words(self) -> str:
        what = self.metric or f"{self.curve} at epoch {self.at}"
        return f"{self.label} {what.replace('_', ' ')}"


def per_seed(quantity: Quantity, runs: Runs) -> np.ndarray:
    """The quantity for every seed, in the order of the seeds."""
    if quantity.metric:
        return np.array([r.metrics[quantity.metric] for r in _records(quantity.label, runs)])
    curves = curve_per_seed(quantity.label, quantity.curve, runs)
    epochs = epochs_of(quantity.label, runs)
    if quantity.at not in epochs:
        raise InvlibError(f"no point at epoch {quantity.at} on the curves of {quantity.label}.")
    return curves[:, list(epochs).index(quantity.at)]


def curve_per_seed(label: str, curve: str, runs: Runs) -> np.ndarray:
    """A curve for every seed: [seeds, points]."""
    return np.stack([r.curves[curve] for r in _records(label, runs)]).astype(float)


def epochs_of(label: str, runs: Runs) -> np.ndarray:
    """The epochs at which the curves of these runs have points."""
    return _records(label, runs)[0].curves["epoch"]


def _records(label: str, runs: Runs) -> list:
    found = [known.record for known in runs.known if known.record.run.label == label]
    if not found:
        labels = sorted({known.record.run.label for known in runs.known})
        raise InvlibError(f"no runs are labelled {label!r}; there are: {', '.join(labels)}.")
    experiments = sorted({record.run.experiment for record in found})
    if len(experiments) > 1:
        raise InvlibError(f"runs of {' and of '.join(experiments)} are labelled {label!r}.")
    return sorted(found, key=lambda record: record.run.seed)
