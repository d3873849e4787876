"""The tables of linear/regularization_path: the ends of the path, and what a crossing does."""

import pandas as pd

from invlib.studies.study import Runs

ENDS = {
    "distance_strongest": "distance to Ŵ_inv at the strongest penalty, over its norm",
    "distance_decade_before": "the same with a tenth of that strength",
    "distance_limit": "the same for the limit at infinite λ",
    "least_invariance_error": "smallest ‖WG‖ over ‖W‖",
    "rises": "neighbouring strengths between which ‖WG‖ rises",
    "least_gap": "smallest relative gap behind σ_r",
    "near_8": "largest step around that gap, over ‖Ŵ_inv‖, on a grid 8 times as fine",
    "near_64": "the same, 64 times as fine",
    "near_512": "the same, 512 times as fine",
    "least_singular": "smallest over largest singular value of any Z_reg(λ)",
    "loss_weakest": "loss with the weakest penalty",
    "loss_unpenalized": "loss without a penalty",
    "distance_at_zero": "limit at λ → 0 to the unpenalized optimum of least norm, over its norm",
}
CROSSINGS = {
    "least_singular": "smallest σ_2 over σ_1",
    "least_gap": "smallest relative gap",
    "jump": "change across the gap",
    "step_1": "largest step",
    "step_256": "largest step, 256 times finer",
}


def ends_table(runs: Runs) -> pd.DataFrame:
    """One row per number that Theorem 9, or our remarks on it, speak about."""
    frame = runs.frame()
    return pd.DataFrame(
        [{"on images": words, "mean ± std": brief(frame[name])} for name, words in ENDS.items()]
    )


def crossings_table(runs: Runs) -> pd.DataFrame:
    """One row per crosstalk."""
    rows = []
    for crosstalk, group in runs.frame().groupby("crosstalk"):
        numbers = {words: brief(group[name]) for name, words in CROSSINGS.items()}
        rows.append({"crosstalk": f"{crosstalk:g}", "n": len(group), **numbers})
    return pd.DataFrame(rows)


def brief(values: pd.Series) -> str:
    """Mean ± standard deviation (n − 1) in few digits, over many powers of ten; – if undefined."""
    values = values.dropna()
    if values.empty:
        return "–"
    if not values.any():
        return "0"
    spread = f"\u00a0±\u00a0{values.std(ddof=1):.2g}" if len(values) > 1 else ""
    return f"{values.mean():.3g}{spread}".replace("-", "\u2212")  # at a hyphen the line may break
