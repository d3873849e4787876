"""The table of linear/orbit_weights: how far columns are apart, when, and at the corners."""

import pandas as pd

from invlib.figures.palette import looks
from invlib.studies.study import Runs
from invlib.tables.summary import mean_and_spread

LOSSES = {"mse": "squared error", "cross_entropy": "cross-entropy"}


def spread_table(runs: Runs) -> pd.DataFrame:
    """One row per way and loss; the spread over training, and at the corners last."""
    metrics, curves = runs.frame(), runs.curves("orbit_spread")
    look = looks(list(metrics["label"].unique()))
    # A frame has a metric of that name, so the loss trained on is asked of the runs themselves.
    losses = {k.record.run.label: k.record.run.config["loss"] for k in runs.known}
    epochs = curves["epoch"].unique()
    halfway = epochs[len(epochs) // 2]
    rows = []
    for label, group in metrics.groupby("label", sort=False):
        line = curves[curves["label"] == label].set_index("epoch")["orbit_spread"]
        rows.append(
            {
                "method": look[label].name,
                "loss": LOSSES[losses[label]],
                "n": len(group),
                "at the start": mean_and_spread(line.loc[0]),
                f"at epoch {halfway}": mean_and_spread(line.loc[halfway]),
                "at the end": mean_and_spread(group["orbit_spread"]),
                "corner orbit, end": mean_and_spread(group["corner_spread"]),
            }
        )
    return pd.DataFrame(rows)
