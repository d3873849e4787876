"""The tables of linear/orbit_weights: how far columns are apart, and beside the paper's rows."""

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd

from invlib.figures.linear.paper_rows import paper_spread
from invlib.figures.palette import looks
from invlib.figures.reference import PaperCurves
from invlib.metrics.orbit_spread import orbit_spread
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


def rows_table(augmented: Mapping[str, Runs], papers: Mapping[str, PaperCurves]) -> pd.DataFrame:
    """The paper's spread over its four rows among ours over every choice of four rows, by loss."""
    table = []
    for loss, runs in augmented.items():
        theirs = paper_spread(papers[loss]).frame.set_index("epoch")["value"]
        epochs = runs.known[0].record.curves["epoch"]
        shared = np.intersect1d(epochs, theirs.index)
        for wanted in (500, 1000, 1500, 2000, 2500, 3000):
            epoch = shared[np.abs(shared - wanted).argmin()]
            spreads = of_four_rows(runs, int(np.searchsorted(epochs, epoch)))
            as_large = spreads >= theirs[epoch]
            table.append(
                {
                    "loss": LOSSES[loss],
                    "epoch": epoch,
                    "n": len(spreads),
                    "paper": f"{theirs[epoch]:.3f}",
                    "ours, median": f"{np.median(spreads):.3f}",
                    "choices as large": f"{as_large.mean():.1%}",
                    "runs with one": int(as_large.any(1).sum()),
                }
            )
    return pd.DataFrame(table)


def of_four_rows(runs: Runs, point: int) -> np.ndarray:
    """The spread for each choice of four rows of W, at one point of the curves: [runs, choices]."""
    entries = np.stack([known.record.arrays["orbit_weights"][point] for known in runs.known])
    chosen = np.array(list(combinations(range(entries.shape[-2]), 4)))
    return orbit_spread(entries[:, chosen])
