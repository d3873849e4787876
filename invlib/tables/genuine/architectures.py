"""The tables of genuine/architectures: what was trained, and how each network measured."""

import pandas as pd

from invlib.figures.genuine.architectures import FAMILIES, REGIMES
from invlib.studies.study import Runs
from invlib.tables.summary import mean_and_spread

LAYERS = {
    "mlp": "5 hidden layers",
    "shallow": "2 hidden layers",
    "deep": "8 hidden layers",
    "wide": "5 hidden layers, twice as wide",
    "residual": "5 hidden layers, a skip over each of two pairs",
    "cnn": "2 convolutions, a dense layer",
}
HARD = {"mlp": "its first layer pooled over the group (WT)", "cnn": "C4 group convolutions"}


def families_table(runs: Runs) -> pd.DataFrame:
    """One row per architecture: its layers and how many weights it learns."""
    frame = runs.frame().query("group == 'R4'")
    rows = []
    for family in FAMILIES:
        own = frame[frame["family"] == family]
        for hard in (False, True):
            found = own[(own["method"] == "hard") == hard]
            if len(found):
                rows.append(
                    {
                        "network": FAMILIES[family].name + (", hard-wired" if hard else ""),
                        "layers": HARD[family] if hard else LAYERS[family],
                        "weights": f"{found['parameters'].iloc[0]:,.0f}",
                    }
                )
    return pd.DataFrame(rows)


def measures_table(runs: Runs) -> pd.DataFrame:
    """One row per network: accuracy, SI, LI, σ_max as mean ± standard deviation over seeds."""
    frame = runs.frame()
    frame["place"] = frame["family"].map(list(FAMILIES).index)
    frame["other"] = (frame["optimizer"] != "adam") + 2 * (frame["followed"] > 0)
    order = ["group", "other", "place", "optimizer", "method", "strength"]
    rows = []
    for _, group in frame.sort_values(order).groupby("label", sort=False):
        first = group.iloc[0]
        rows.append(
            {
                "group": first["group"],
                "network": _network(first),
                "way": _way(first),
                "n": len(group),
                "accuracy": mean_and_spread(group["accuracy"]),
                "SI": mean_and_spread(group["SI"], 2),
                "LI": _rounded(group["LI"]),
                "σ_max": mean_and_spread(group["sigma_max"], 1),
            }
        )
    return pd.DataFrame(rows)


def _network(row: pd.Series) -> str:
    if row["followed"]:
        return f"{FAMILIES[row['family']].name}, {row['epochs']:.0f} epochs"
    optimizer = f", {REGIMES[row['optimizer']].name}" if row["optimizer"] != "adam" else ""
    return FAMILIES[row["family"]].name + optimizer


def _way(row: pd.Series) -> str:
    return {"DA": "DA", "IR": f"IR, ν = {row['strength']:g}", "hard": "hard-wired"}[row["method"]]


def _rounded(values: pd.Series) -> str:
    """Two digits of the mean, since LI spans decades; rounding errors count as zero."""
    mean = values.mean()
    return "0" if mean < 1e-9 else f"{mean:.2g}"
