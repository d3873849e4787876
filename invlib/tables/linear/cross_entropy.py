"""Tables of linear/cross_entropy: what was found, what is not invariant, and the pooling."""

import pandas as pd

from invlib.figures.palette import looks
from invlib.studies.study import Runs
from invlib.tables.summary import mean_and_spread


def searches_table(runs: Runs) -> pd.DataFrame:
    """One row per search: how much was found, and how far from invariant it is."""
    frame = runs.frame()
    rows = []
    for label, group in frame.groupby("label", sort=False):
        turns = "" if "turns=" not in label else f", {group['turns'].iloc[0]} of 4 turns"
        smallest = _size(group["smallest_noninvariance"].min())
        largest = _size(group["largest_noninvariance"].max())
        rows.append(
            {
                "method": looks([label])[label].name + turns,
                "hidden units": group["hidden"].iloc[0],
                "n": len(group),
                "starts": group["starts"].iloc[0] * len(group),
                "found": int(group["found"].sum()),
                "different": mean_and_spread(group["distinct"], 1),
                "saddles": f"{group['saddles'].mean():.0%}",
                "non-invariance: predictions": f"{smallest} to {largest}",
                "W: largest": _size(group["largest_map_noninvariance"].max()),
                "W₁: largest": _size(group["largest_first_noninvariance"].max()),
            }
        )
    return pd.DataFrame(rows)


def counterexamples_table(runs: Runs) -> pd.DataFrame:
    """The two constructions, each with its gradient and what of it is invariant."""
    frame = runs.frame()
    rows = []
    for name, words in (("idle", "feeds nothing"), ("shift", "feeds all logits alike")):
        rows.append(
            {
                "added hidden unit": words,
                "n": len(frame),
                "gradient": f"to {_size(frame[f'{name}_gradient'].max())}",
                "W₁": mean_and_spread(frame[f"{name}_first"], 2),
                "W": _spread_or_bound(frame[f"{name}_map"]),
                "predictions": _spread_or_bound(frame[f"{name}_softmax"]),
            }
        )
    return pd.DataFrame(rows)


def cross_entropy_pooling_table(trained: Runs, pooled: Runs) -> pd.DataFrame:
    """Accuracy of the networks that were trained on differently pooled images too."""
    frame = pd.concat([runs.frame() for runs in (trained, pooled) if runs.known])
    again = set(pooled.frame()["method"]) if pooled.known else set(frame["method"])
    if pooled.known:
        weakest = pooled.frame()["strength"].max()
        frame = frame[frame["method"].isin(again) & frame["strength"].isin([0.0, weakest])]
    rows = []
    for pooling, group in frame.groupby("pooling", sort=False):
        ways = {
            looks([_way(row)])[_way(row)].name: mean_and_spread(own["accuracy"])
            for _, own in group.groupby(["method", "strength"], sort=False)
            for row in [own.iloc[0]]
        }
        rows.append({"pooling": pooling, "n": group["seed"].nunique(), **ways})
    return pd.DataFrame(rows)


def _way(row: pd.Series) -> str:
    return f"{row['method']}-{row['strength']:g}" if row["strength"] else row["method"]


def _spread_or_bound(values: pd.Series) -> str:
    """Mean and spread; of what is rounding only, the largest."""
    return mean_and_spread(values, 2) if values.min() > 0.005 else f"to {_size(values.max())}"


def _size(value: float) -> str:
    """A part of one; a small one by its power of ten."""
    return f"{value:.2f}" if value == 0 or value >= 0.01 else f"{value:.0e}"
