"""Final values per method: mean and spread over seeds."""

import pandas as pd

from invlib.figures.palette import looks
from invlib.studies.study import Runs


def final_values(runs: Runs, columns: dict[str, str], digits: int = 3) -> pd.DataFrame:
    """One row per method, one column per metric (its name to a heading), as mean ± std (n − 1)."""
    frame = runs.frame()
    look = looks(list(frame["label"].unique()))
    rows = []
    for label, group in frame.groupby("label", sort=False):
        row = {"method": look[label].name, "n": len(group)}
        for metric, heading in columns.items():
            row[heading] = mean_and_spread(group[metric], digits)
        rows.append(row)
    return pd.DataFrame(rows)


def mean_and_spread(values: pd.Series, digits: int = 3) -> str:
    """0.526 ± 0.004: the mean and the standard deviation; one value has no spread."""
    mean = f"{values.mean():.{digits}f}"
    return f"{mean}\u00a0±\u00a0{values.std(ddof=1):.{digits}f}" if len(values) > 1 else mean
