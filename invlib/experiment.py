"""What can be run and remembered: an experiment, and what one run of it yields."""

import hashlib
import importlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from invlib.config import Config
from invlib.errors import InvlibError

RANDOM = "random"  # in place of a data set: all numbers are drawn from the seed
Report = Callable[[str, float], None]  # a label, and the fraction done


@dataclass(frozen=True)
class Outcome:
    """What one run with one seed yields: numbers, curves over a shared axis, small arrays."""

    metrics: Mapping[str, float]
    curves: Mapping[str, np.ndarray] = field(default_factory=dict)
    arrays: Mapping[str, np.ndarray] = field(default_factory=dict)

    def refuse_non_finite(self, run: str) -> None:
        """A NaN is never a result: fail and say which number of which run it is."""
        for name, value in self.metrics.items():
            if not math.isfinite(value):
                raise InvlibError(f"{run}: metric {name} is {value}; nothing of this run is kept.")
        for name, values in {**self.curves, **self.arrays}.items():
            if not np.isfinite(values).all():
                raise InvlibError(f"{run}: {name} holds a NaN or an infinity; nothing is kept.")


@dataclass(frozen=True)
class Experiment:
    """A computation worth remembering: `run` trains one config with several seeds at once.

    `module` and `attribute` say where it can be imported from, so that a worker process can
    find it and so that its source can be hashed without importing it.
    """

    name: str
    module: str
    attribute: str
    config: type[Config]
    data: Callable[[Config], str]  # the name of the data set that a config runs on, or RANDOM
    run: Callable[[Config, Sequence[int], Report], list[Outcome]]
    label: Callable[[Config], str]  # a short word for file names and progress lines


def find_experiment(module: str, attribute: str) -> Experiment:
    """The experiment that a task names."""
    return getattr(importlib.import_module(module), attribute)


def digest(value: object) -> str:
    """A stable hash of plain values: equal values, equal hash, on every machine."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
