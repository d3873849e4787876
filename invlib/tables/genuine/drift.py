"""The tables of genuine/drift: DI read in several ways, when to normalize, realistic shifts."""

from collections.abc import Sequence

import pandas as pd

from invlib.studies.genuine.drift_mixing import BETAS, ORDERS
from invlib.studies.genuine.drift_readings import WORDS
from invlib.studies.genuine.drift_shifts import GRADES
from invlib.studies.study import Runs
from invlib.tables.summary import mean_and_spread

PLACES = (0, 4)  # β = 0 and β = 0.222
PAPER_DI = {  # of DA: by group, (Table 1, Fig. 4 at β = 0, Fig. 4 at β = 0.222)
    "R4": ("0.3\u00a0±\u00a00.1", "0.008", "2.31"),
    "T3": ("0.1\u00a0±\u00a00.0", "0.003", "0.92"),
}


def readings_table(runs: Runs, groups: Sequence[str], paper: bool) -> pd.DataFrame:
    """DI of DA under every reading, without drift and under some, beside the paper's two values."""
    columns = [f"{group}, β\u00a0=\u00a0{BETAS[i]:.3g}" for group in groups for i in PLACES]
    rows = []
    if paper:
        table = [(PAPER_DI[g][0], "–") for g in groups]
        figure = [(PAPER_DI[g][1], PAPER_DI[g][2]) for g in groups]
        rows.append(["paper, Table 1", *(value for pair in table for value in pair)])
        rows.append(["paper, Fig. 4", *(value for pair in figure for value in pair)])
    for name, words in WORDS.items():
        cells = [
            _cell(runs.where(group=group, method="DA"), f"DI_{name}", i)
            for group in groups
            for i in PLACES
        ]
        rows.append([words, *cells])
    return pd.DataFrame(rows, columns=["DI of DA", *columns])


def orders_table(runs: Runs, groups: Sequence[str]) -> pd.DataFrame:
    """What the moment of normalization does to Fig. 4 at β = 0.222."""
    rows = []
    for group in groups:
        for order, words in ORDERS.items():
            ending = "" if order == "mixed" else f"_{order}"
            row = {"group": group, "statistics": words}
            for method in ("DA", "WT", "IR"):
                own = runs.where(group=group, method=method)
                row[f"ratio {method}"] = _cell(own, f"ratio{ending}", PLACES[1], 2)
            divergence = "DI_others" if order == "mixed" else f"DI_{order}"
            row["DI of DA"] = _cell(runs.where(group=group, method="DA"), divergence, PLACES[1], 2)
            rows.append(row)
    return pd.DataFrame(rows)


def shifts_table(runs: Runs, groups: Sequence[str]) -> pd.DataFrame:
    """The accuracy ratio under each shift, averaged over grades; and the clean accuracy."""
    rows = []
    for group in groups:
        frame = runs.where(group=group).frame()
        for metric, words in (
            ("accuracy", "none: accuracy"),
            *((f"ratio_{name}", name) for name in GRADES),
        ):
            row = {"group": group, "shift": words}
            for method in ("DA", "WT", "IR"):
                row[method] = mean_and_spread(frame.loc[frame["method"] == method, metric], 2)
            rows.append(row)
    return pd.DataFrame(rows)


def _cell(runs: Runs, curve: str, place: int, digits: int = 3) -> str:
    frame = runs.curves(curve, "beta")
    return mean_and_spread(frame.groupby("seed")[curve].nth(place), digits)
