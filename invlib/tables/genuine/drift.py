"""The tables of genuine/drift: DI and the mixture read in several ways, realistic shifts."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from invlib.figures.reference import PaperCurves
from invlib.studies.genuine.drift import runs_of
from invlib.studies.genuine.drift_curves import BETAS, curve_of
from invlib.studies.genuine.drift_mixtures import WORDS as MIXTURE_WORDS
from invlib.studies.genuine.drift_readings import WORDS
from invlib.studies.genuine.drift_shifts import GRADES, NATURAL, rank_correlation
from invlib.studies.study import Runs
from invlib.tables.summary import mean_and_spread

PLACES = (0, 4)  # β = 0 and β = 0.222
PARTS = {"": "test", "_training": "training"}  # by the ending of a curve's name
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


def mixtures_table(runs: Runs, groups: Sequence[str]) -> pd.DataFrame:
    """Every reading of the mixture, on unseen images and on training images, at β = 0.222."""
    rows = []
    for ending, images in PARTS.items():
        for name, words in MIXTURE_WORDS.items():
            row = {"images": images, "mixture": words}
            for group in groups:
                for kind in ("ratio", "DI"):
                    own = runs.where(group=group, method="DA")
                    cell = _cell(own, curve_of(kind, name, ending), PLACES[1], 2)
                    row[f"{kind} of DA, {group}"] = cell
            rows.append(row)
    return pd.DataFrame(rows)


def distances_table(
    runs: Runs, groups: Sequence[str], *, ratio: PaperCurves, divergence: PaperCurves
) -> pd.DataFrame:
    """How far each reading of the mixture lies from the paper's curves: root mean square over β.

    Of means over seeds; the ratio over the three methods, WT with either pooling; DI of DA alone.
    """
    asked = {
        "ratio": ("ratio", ratio, "WT"),
        "ratio, WT by max": ("ratio", ratio, "WT+max"),
        "DI": ("DI", divergence, "WT"),
    }
    rows = []
    for ending, images in PARTS.items():
        for name, words in MIXTURE_WORDS.items():
            row = {"images": images, "mixture": words}
            for group in groups:
                for title, (kind, paper, tied) in asked.items():
                    distance = _distance(runs, curve_of(kind, name, ending), paper, group, tied)
                    row[f"{title}, {group}"] = f"{distance:.2f}"
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


def rank_without(shifts: Runs, group: str, left_out: str) -> float:
    """DA's rank correlation of DI and loss over natural shifts but one; mean over seeds."""
    names = [name for name in NATURAL if name != left_out]
    found = []
    for known in shifts.where(group=group, method="DA").known:
        curves = known.record.curves
        divergence = np.concatenate([curves[f"DI_{name}"][1:] for name in names])
        accuracy = np.concatenate([curves[f"accuracy_{name}"][1:] for name in names])
        found.append(rank_correlation(divergence, -accuracy))
    return float(np.mean(found))


def _cell(runs: Runs, curve: str, place: int, digits: int = 3) -> str:
    frame = runs.curves(curve, "beta")
    return mean_and_spread(frame.groupby("seed")[curve].nth(place), digits)


def _distance(runs: Runs, curve: str, paper: PaperCurves, group: str, tied: str) -> float:
    squares = []
    for label, line in paper.frame.groupby("label"):
        where, _, method = label.partition("-")
        if where == group:
            own = runs_of(runs.where(group=group), tied if method == "WT" else method)
            mean = own.curves(curve, "beta").groupby("beta")[curve].mean().to_numpy()
            squares.append((mean - line.sort_values("beta")["value"].to_numpy()) ** 2)
    return float(np.sqrt(np.mean(squares)))
