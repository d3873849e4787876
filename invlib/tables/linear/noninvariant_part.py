"""The table of linear/noninvariant_part: every controlled training, and what was forecast."""

import pandas as pd

from invlib.studies.study import Runs
from invlib.tables.summary import mean_and_spread

RULES = {
    "descent": "gradient descent",
    "adam": "Adam",
    "shared_adam": "Adam, shared squares",
}
WORDS = {
    "init_scale": "initial weights × {:g}",
    "balance": "β\u00a0=\u00a0{:g}",
    "target": "no target error",
    "hold_second": "W₂ held",
    "learning_rate": "steps of {:g}",
}


def controlled(runs: Runs) -> pd.DataFrame:
    """One row per training: what differs from the first of its rule, and what became of ‖W_⊥‖."""
    frame = runs.frame()
    plain = frame.groupby("rule").first()
    rows = []
    for _, group in frame.groupby("label", sort=False):
        first = group.iloc[0]
        usual = plain.loc[first["rule"]]
        differs = [word.format(first[n]) for n, word in WORDS.items() if first[n] != usual[n]]
        rows.append(
            {
                "training": RULES[first["rule"]],
                "what differs": ", ".join(differs) or "nothing",
                "n": len(group),
                "‖W⊥‖ at the end": mean_and_spread(group["noninvariant_norm"]),
                "forecast": _or_dash(group, "one_way_norm"),
                "largest climb": mean_and_spread(group["largest_rise"]),
                "its forecast": _or_dash(group, "one_way_rise"),
                "climb of ‖W₁(I − Ḡ)‖": mean_and_spread(group["first_largest_rise"]),
            }
        )
    return pd.DataFrame(rows)


def _or_dash(group: pd.DataFrame, metric: str) -> str:
    known = metric in group and group[metric].notna().all()
    return mean_and_spread(group[metric]) if known else "–"
