"""The tables of genuine/tradeoff: every strength in numbers, and where the curve bends."""

import pandas as pd

from invlib.figures.genuine.looks import DATASET_NAMES
from invlib.metrics.knee import knee
from invlib.studies.genuine.strength_search import TARGET
from invlib.studies.study import Runs
from invlib.tables.genuine.fronts import accuracy_at
from invlib.tables.linear.regularization_path import brief
from invlib.tables.summary import mean_and_spread

NAMES = {"R4": "R²₄", "T3": "T²₃"}
ORDER = ["DA", "IR", "WT"]


def strengths_table(runs: Runs, dataset: str) -> pd.DataFrame:
    """One row per group, method and strength."""
    frame = runs.where(dataset=dataset).frame()
    frame["place"] = frame["method"].map(ORDER.index)
    rows = []
    for (group, _, strength), own in frame.groupby(["group", "place", "strength"]):
        method = own["method"].iloc[0]
        rows.append(
            {
                "G": NAMES[group],
                "method": f"{method}, ν\u00a0=\u00a0{strength:g}" if method == "IR" else method,
                "n": len(own),
                "accuracy": mean_and_spread(own["accuracy"]),
                "LI": brief(own["LI"]),
                "LI / V": brief(own["relative_LI"]),
                "SI": mean_and_spread(own["SI"], 2),
                "σ_max": mean_and_spread(own["sigma_max"], 2),
            }
        )
    return pd.DataFrame(rows)


def turning_points(runs: Runs) -> pd.DataFrame:
    """One row per data set and group: the knee of accuracy over SI, and the accuracy at SI 0.95."""
    rows = []
    for (dataset, group), own in runs.frame().groupby(["dataset", "group"], sort=False):
        means = own.groupby(["method", "strength"])[["SI", "accuracy"]].mean()
        path = pd.concat([means.loc[["DA"]], means.loc[["IR"]]]).reset_index()
        bend = path.iloc[knee(path["SI"].to_numpy(), -path["accuracy"].to_numpy())]
        rows.append(
            {
                "data": DATASET_NAMES[dataset],
                "G": NAMES[group],
                "DA": f"{path['accuracy'].iloc[0]:.3f}",
                "knee: ν": f"{bend['strength']:g}",
                "SI there": f"{bend['SI']:.2f}",
                "accuracy there": f"{bend['accuracy']:.3f}",
                f"accuracy at SI = {TARGET}": accuracy_at(path, TARGET),
                "WT": f"{means.loc['WT', 'accuracy'].iloc[0]:.3f}",
            }
        )
    return pd.DataFrame(rows)
