"""The tables of linear/beyond_unitary."""

import pandas as pd

from invlib.studies.study import Runs

PARTS = {
    "turns-0": "plain images only",
    "turns-0-1": "plain and a quarter turn",
    "turns-0-2": "plain and a half turn",
    "turns-0-1-2": "three of four turns",
    "turns-0-1-2-3": "all four turns",
}
COORDINATES = {
    "pixels": "pixels (T = I)",
    "standardized": "each pixel over its spread",
    "mixed": "random T",
}


def parts_table(runs: Runs) -> pd.DataFrame:
    """One row per part of the orbit: how far its optimum is from being invariant, and the cost."""
    rows = []
    for label, group in runs.frame().groupby("label", sort=False):
        if label in PARTS:
            rows.append(
                {
                    "turns shown": PARTS[label],
                    "n": len(group),
                    "wobble": small(group["wobble"]),
                    "distance to the four-turn optimum": small(group["difference"]),
                    "to the half-turn optimum": small(group["half_turn_difference"]),
                    "accuracy": small(group["accuracy"]),
                }
            )
    return pd.DataFrame(rows)


def least_norm_table(runs: Runs) -> pd.DataFrame:
    """One row per kind of coordinates and number of images."""
    rows = []
    for (samples, name), group in runs.frame().groupby(["samples", "coordinates"], sort=False):
        rows.append(
            {
                "images": samples,
                "coordinates": COORDINATES[name],
                "n": len(group),
                "directions seen": f"{group['directions'].mean():.0f}",
                "distance, plain norm": small(group["difference_plain"]),
                "distance, invariant norm": small(group["difference_invariant"]),
                "on turned images": small(group["on_images_plain"]),
            }
        )
    return pd.DataFrame(rows).sort_values("images", ascending=False, kind="stable")


def small(values: pd.Series) -> str:
    """0.526 ± 0.004, or for rounding errors the largest: ≤ 3e-14."""
    if values.abs().max() < 1e-6:
        return f"≤ {values.abs().max():.0e}"
    mean = f"{values.mean():.3g}"
    return f"{mean}\u00a0±\u00a0{values.std(ddof=1):.2g}" if len(values) > 1 else mean
