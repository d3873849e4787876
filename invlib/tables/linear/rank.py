"""Tables of linear/rank."""

from math import comb

import pandas as pd

from invlib.figures.palette import looks
from invlib.studies.study import Runs
from invlib.tables.summary import mean_and_spread


def binding_table(runs: Runs) -> pd.DataFrame:
    """Per size and way: from which r the bound costs nothing, and the distance to no bound."""
    rows = []
    for (side, label), own in runs.frame().groupby(["side", "label"], sort=False):
        first = own["target_rank"]
        low, high = int(first.min()), int(first.max())
        rows.append(
            {
                "images": f"{side}×{side}",
                "way": looks([label])[label].name,
                "n": len(own),
                "orbits d": int(own["orbits"].iloc[0]),
                "bound is free from r =": str(low) if low == high else f"{low} to {high}",
                "distance to no bound": f"{own['difference_beyond'].max():.0e}",
                "critical points, r = 3": comb(low, 3) if low > 3 else 1,
            }
        )
    return pd.DataFrame(rows)


def cost_table(runs: Runs) -> pd.DataFrame:
    """Accuracy at some r, per size and way."""
    rows = []
    for (side, label), own in runs.frame().groupby(["side", "label"], sort=False):
        row = {"images": f"{side}×{side}", "way": looks([label])[label].name, "n": len(own)}
        for place, heading in (("1", "r = 1"), ("3", "r = 3"), ("5", "r = 5"), ("all", "r = 9")):
            row[heading] = mean_and_spread(own[f"test_accuracy_rank_{place}"])
        rows.append(row)
    return pd.DataFrame(rows)
