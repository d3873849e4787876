"""The table of linear/kernels."""

import pandas as pd

from invlib.figures.linear.kernels import PREDICTORS
from invlib.studies.study import Runs
from invlib.tables.summary import mean_and_spread


def predictors_table(runs: Runs) -> pd.DataFrame:
    """One row per predictor: condition of its kernel matrix, invariance, accuracy."""
    frame = runs.frame()
    rows = []
    for name, (words, _, _) in PREDICTORS.items():
        invariance = frame[f"invariance_{name}"]
        small = invariance.max() < 1e-6
        rows.append(
            {
                "predictor": words,
                "n": len(frame),
                "condition of K": f"{frame[f'condition_{name}'].median():.1g}",
                "change over turns": (
                    f"≤ {invariance.max():.0e}" if small else mean_and_spread(invariance, 2)
                ),
                "accuracy, upright": mean_and_spread(frame[f"accuracy_upright_{name}"]),
                "accuracy, all turns": mean_and_spread(frame[f"accuracy_{name}"]),
            }
        )
    return pd.DataFrame(rows)
