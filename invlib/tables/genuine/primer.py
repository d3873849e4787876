"""The tables of genuine/primer: maps that commute or do not, and what each measure sees."""

import pandas as pd

from invlib.studies.study import Runs
from invlib.tables.summary import mean_and_spread

ROUNDING = 1e-9  # what is below is shown as zero

MAPS = {
    "outline": "outline",
    "slope": "slope along x",
    "disc": "all but a disc blanked",
    "steps": "threshold and filter",
    "matrix": "random matrix",
}
FUNCTIONS = {
    "learned": "f, learned",
    "scaled": "f / 10",
    "averaged": "h, mean over the orbit",
    "shifted": "h + c(x)",
    "signed": "± h",
    "constant": "constant",
}


def commuting_table(runs: Runs) -> pd.DataFrame:
    """One row per map, one column per group: how far ψ(gx) is from gψ(x)."""
    frame = runs.frame()
    return pd.DataFrame(
        {
            "map ψ": name,
            "R²₄": _number(frame[f"{key}_gap_R4"]),
            "T²₃": _number(frame[f"{key}_gap_T3"]),
        }
        for key, name in MAPS.items()
    )


def measures_table(runs: Runs) -> pd.DataFrame:
    """One row per function, one column per measure, under quarter turns."""
    frame = runs.frame()
    headings = {"agreement": "same class", "LI": "LI", "DI": "DI", "SI": "SI"}
    return pd.DataFrame(
        {
            "function": name,
            **{head: _number(frame[f"{key}_{part}"]) for part, head in headings.items()},
        }
        for key, name in FUNCTIONS.items()
    )


def _number(values: pd.Series) -> str:
    """Mean ± standard deviation; exactly 0 or 1 up to rounding stand as they are."""
    for whole in (0, 1):
        if ((values - whole).abs() < ROUNDING).all():
            return str(whole)
    return mean_and_spread(values, 1 if values.mean() >= 10 else 3 if values.mean() < 0.1 else 2)
