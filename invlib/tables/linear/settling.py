"""The table of linear/three_ways on how fast each way gets where it ends."""

import pandas as pd

from invlib.figures.palette import looks
from invlib.figures.reference import PaperCurves
from invlib.metrics.settling import settling_epoch
from invlib.studies.study import Runs
from invlib.tables.summary import mean_and_spread


def settling_table(runs: Runs, epoch: int, paper: PaperCurves | None = None) -> pd.DataFrame:
    """One row per way: accuracy at `epoch` over the last, and when it settles; the paper's too."""
    curves, metrics = runs.curves("accuracy"), runs.frame()
    look = looks(list(metrics["label"].unique()))
    theirs = _one_run(paper, epoch) if paper is not None else {}
    rows = []
    for label, group in metrics.groupby("label", sort=False):
        own = curves[curves["label"] == label].pivot(
            index="epoch", columns="seed", values="accuracy"
        )
        row = {"method": look[label].name, "n": len(group)}
        if epoch in own.index:
            share = own.loc[epoch] / own.iloc[-1]
            row[f"accuracy at epoch {epoch} over the last"] = mean_and_spread(share)
        row["settles at epoch"] = mean_and_spread(group["settling_epoch"], 0)
        rows.append(row | theirs.get(label, {}))
    return pd.DataFrame(rows)


def _one_run(paper: PaperCurves, epoch: int) -> dict[str, dict[str, str]]:
    """The same two numbers of the paper's own curves, per way."""
    found = {}
    for label, line in paper.frame.dropna().groupby("label"):
        values = line.set_index("epoch")["value"]
        found[label] = {
            f"paper: at {epoch} over the last": f"{values.loc[epoch] / values.iloc[-1]:.3f}",
            "paper: settles": str(settling_epoch(values.index, values)),
        }
    return found
