"""The tables of genuine/unknown_group: what was found, in networks and in data."""

import pandas as pd

from invlib.studies.study import Runs
from invlib.tables.summary import mean_and_spread

KNOWLEDGE = {
    "untold": "not told",
    "learned": "learns the group",
    "told": "told the group",
}
MOTIONS = {
    "turn": "any turn",
    "ellipse": "along ellipses",
    "shift": "shifts along x",
    "none": "nothing",
}


def recovered_table(runs: Runs) -> pd.DataFrame:
    """One row per group and method: how often the true group was found, and from what."""
    frame = runs.frame().sort_values(["group", "method"], kind="stable")
    return pd.DataFrame(
        {
            "group": group,
            "method": method,
            "found": _of(own["recovered"]),
            "accepted": _range(own["accepted"]),
            "they generate": _range(own["generated_order"]),
            "worst true score": _small(own["worst_true_score"]),
            "best false score": _small(own["best_false_score"]),
        }
        for (group, method), own in frame.groupby(["group", "method"], sort=False)
    )


def data_table(runs: Runs) -> pd.DataFrame:
    """One row per data set and way to test: class by class, or blind to classes."""
    rows = []
    for truth, own in runs.frame().groupby("truth", sort=False):
        for words, name in (("by class", ""), ("blind", "blind_")):
            rows.append(
                {
                    "images moved by": truth,
                    "test": words,
                    "found": _of(own[f"{name}recovered"]),
                    "accepted": _range(own[f"{name}accepted"]),
                    "they generate": _range(own[f"{name}generated_order"]),
                    "least true p": f"{own[f'{name}least_true_p'].min():.3f}",
                }
            )
    return pd.DataFrame(rows)


def known_table(runs: Runs) -> pd.DataFrame:
    """One row per function: its gap, and the angle from the truth to what was found."""
    rows = []
    for symmetry, own in runs.frame().groupby("symmetry", sort=False):
        angle = own["angle"] if "angle" in own else pd.Series(dtype=float)
        rows.append(
            {
                "invariant to": MOTIONS[symmetry],
                "n": len(own),
                "least over largest": _small(own["generator_gap"]),
                "angle to truth": "–" if angle.isna().all() else f"≤ {angle.max():.2g}°",
            }
        )
    return pd.DataFrame(rows)


def learning_table(runs: Runs) -> pd.DataFrame:
    """One row per truth and knowledge: accuracy on all true poses, and the mass on the truth."""
    rows = []
    for truth, part in runs.frame().groupby("truth", sort=False):
        for knowledge, words in KNOWLEDGE.items():
            own = part[part["knowledge"] == knowledge]
            if len(own) == 0:
                continue
            learned = knowledge == "learned"
            rows.append(
                {
                    "images moved by": truth,
                    "network": words,
                    "n": len(own),
                    "accuracy": mean_and_spread(own["accuracy"]),
                    "mass on the truth": mean_and_spread(own["mass"]) if learned else "–",
                    "found": _of(own["recovered"]) if learned else "–",
                }
            )
    return pd.DataFrame(rows)


def _of(flags: pd.Series) -> str:
    return f"{int(flags.sum())} of {len(flags)}"


def _range(values: pd.Series) -> str:
    low, high = int(values.min()), int(values.max())
    return str(low) if low == high else f"{low} to {high}"


def _small(values: pd.Series) -> str:
    """The mean to two digits; rounding errors by their power of ten."""
    return "0" if values.max() == 0 else f"{values.mean():.2g}"
