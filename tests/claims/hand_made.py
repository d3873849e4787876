"""Hand-made records, so that every verdict can be worked out on paper."""

import numpy as np

from invlib.config import Config
from invlib.records.memo import Known
from invlib.records.record import Record, Run
from invlib.studies.study import Runs


def known(label: str, seed: int, value: float, curve=(0.0, 1.0), stale: bool = False) -> Known:
    run = Run("toy", label, {}, seed, "digits", "abc")
    curves = {"epoch": np.arange(len(curve)) * 10, "curve": np.array(curve)}
    record = Record(run, {"value": value}, curves, {}, {"source": "x"})
    return Known(record, "published", stale)


def runs(**values: list[float]) -> Runs:
    """Runs with one label per keyword, one seed per value."""
    found = [known(label, s, v) for label, vs in values.items() for s, v in enumerate(vs)]
    return Runs(found, Config())
