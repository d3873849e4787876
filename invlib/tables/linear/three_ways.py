"""The table of linear/three_ways on ways to make images smaller."""

import pandas as pd

from invlib.studies.study import Runs
from invlib.tables.summary import mean_and_spread


def pooling_table(runs: Runs) -> pd.DataFrame:
    """One row per way of making images smaller, one column per method."""
    frame = runs.frame()
    strength = frame["strength"].map("{:g}".format)
    regularized = frame["method"] == "regularized"
    frame["way"] = frame["method"].where(~regularized, "λ\u00a0=\u00a0" + strength)
    rows = []
    for pooling, group in frame.groupby("pooling", sort=False):
        accuracies = group.groupby("way", sort=False)["accuracy"].apply(mean_and_spread)
        rows.append({"pooling": pooling, "n": group["seed"].nunique(), **accuracies})
    return pd.DataFrame(rows)
