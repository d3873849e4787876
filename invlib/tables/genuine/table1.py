"""The tables of genuine/table1: the paper's Table 1 beside ours, and the search for ν."""

import pandas as pd

from invlib.figures.genuine.looks import DATASET_NAMES, GROUP_NAMES
from invlib.studies.genuine.strength_search import TARGET, choose, similarities
from invlib.studies.study import Runs
from invlib.tables.summary import mean_and_spread

# Accuracy (%), LI, DI and SI as the paper prints them, mean ± standard deviation over 4 seeds.
PAPER = {
    ("R4", "WT"): ("94.6 ± 0.1", "0.00 ± 0.0", "0.0 ± 0.0", "1.00 ± 0.00"),
    ("R4", "DA"): ("94.0 ± 0.5", "98.6 ± 5.4", "0.3 ± 0.1", "0.17 ± 0.04"),
    ("R4", "IR"): ("87.9 ± 0.8", "0.02 ± 0.0", "0.0 ± 0.0", "0.95 ± 0.03"),
    ("T3", "WT"): ("96.6 ± 0.1", "0.0 ± 0.0", "0.0 ± 0.0", "1.00 ± 0.0"),
    ("T3", "DA"): ("96.2 ± 0.2", "50.8 ± 6.8", "0.1 ± 0.0", "0.57 ± 0.08"),
    ("T3", "IR"): ("93.1 ± 0.1", "0.01 ± 0.0", "0.0 ± 0.0", "0.95 ± 0.07"),
}
POOLING_WORDS = {
    "mean": "mean after the ReLU (ours)",
    "max": "maximum",
    "before": "mean before the ReLU",
}
METHODS = ("WT", "DA", "IR")
DIGITS = {"accuracy": 1, "LI": 2, "DI": 3, "SI": 2}


def final_runs(runs: Runs) -> pd.DataFrame:
    """The runs behind Table 1: no strength that was only tried, and ν where it was chosen."""
    frame = runs.frame()
    return frame[frame["label"].str.fullmatch(r"\w+-\w+-(?:WT|DA|IR)")]


def table1(runs: Runs, dataset: str, *, paper: bool) -> pd.DataFrame:
    """One row per group and method, below ours the paper's if there is one; then random weights."""
    frame = final_runs(runs).query("dataset == @dataset")
    everything = runs.frame()
    rows = []
    for group in GROUP_NAMES:
        for method in METHODS:
            own = frame.query("group == @group and method == @method")
            strength = own["strength"].iloc[0]
            shown = f"{strength:g}" if strength else "–"
            head = {"group": group, "": method, "n": str(len(own)), "ν": shown}
            ours = _measured(own)
            rows.append(head | ours)
            if paper:
                theirs = dict(zip(ours, PAPER[group, method], strict=True))
                theirs = {name: value.replace(" ", "\u00a0") for name, value in theirs.items()}
                rows.append({"group": "", "": "paper", "n": "4", "ν": "?", **theirs})
        random = everything[everything["label"] == f"{dataset}-{group}-random"]
        head = {"group": group, "": "random weights", "n": str(len(random)), "ν": "–"}
        rows.append(head | _measured(random))
    return pd.DataFrame(rows)


def _measured(own: pd.DataFrame) -> dict[str, str]:
    return {
        "accuracy (%)": mean_and_spread(own["accuracy"] * 100, DIGITS["accuracy"]),
        **{name: mean_and_spread(own[name], DIGITS[name]) for name in ("LI", "DI", "SI")},
    }


def pooling_table(runs: Runs, dataset: str, *, paper: bool) -> pd.DataFrame:
    """WT's accuracy and sensitivity with each pooling; the paper's accuracy below ours."""
    frame = runs.frame()
    ours = frame["label"].str.fullmatch(rf"{dataset}-\w+-WT")
    frame.loc[ours, "pooling"] = "mean"
    rows = []
    for group in GROUP_NAMES:
        for pooling, words in POOLING_WORDS.items():
            own = frame[(frame["group"] == group) & (frame["pooling"] == pooling)]
            if len(own):
                cells = {
                    "accuracy (%)": mean_and_spread(own["accuracy"] * 100, DIGITS["accuracy"]),
                    "σ_max": mean_and_spread(own["sigma_max"], 1),
                }
                rows.append({"group": group, "pooling": words, "n": str(len(own)), **cells})
        if paper:
            theirs = PAPER[group, "WT"][0].replace(" ", "\u00a0")
            unsaid = {"accuracy (%)": theirs, "σ_max": "–"}
            rows.append({"group": "", "pooling": "paper: not said", "n": "4", **unsaid})
    return pd.DataFrame(rows)


def search_table(runs: Runs) -> pd.DataFrame:
    """Validation SI of every strength that was tried; the chosen one is marked."""
    rows = []
    for (dataset, group), own in (
        similarities(runs).query("method == 'IR'").groupby(["dataset", "group"], sort=False)
    ):
        picked = choose(own.set_index("strength")["validation_SI"].to_dict())
        row = {"data": DATASET_NAMES[dataset], "group": group}
        for strength, similarity in zip(own["strength"], own["validation_SI"], strict=True):
            mark = " ←" if strength == picked else ""
            row[f"ν\u00a0=\u00a0{strength:g}"] = f"{similarity:.3f}{mark}"
        rows.append(row | {"reached": "yes" if own["validation_SI"].max() >= TARGET else "no"})
    return pd.DataFrame(rows)
