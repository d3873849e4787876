"""The table of linear/three_ways on what an epoch costs."""

import pandas as pd

from invlib.studies.study import Runs
from invlib.tables.summary import mean_and_spread

# In the order of the table; the figure has the same rows.
MANNERS = {
    "constrained": "hard-wired, means taken once",
    "constrained_inside": "hard-wired, means taken in every epoch",
    "augmented": "data augmentation",
    "regularized": "regularized, W G as a product",
    "regularized_moving": "regularized, W G by moving columns",
    "constrained_moments": "second moments, hard-wired",
    "augmented_moments": "second moments, the other ways",
}


def cost_table(runs: Runs) -> pd.DataFrame:
    """One row per manner of training: what it works on, what it does and how long that takes."""
    frame = runs.frame()
    rows = []
    for manner, words in MANNERS.items():
        work, seconds = frame[f"multiply_adds_{manner}"], frame[f"seconds_{manner}"]
        times = seconds / frame["seconds_constrained"]
        over = work.mean() / frame["multiply_adds_constrained"].mean()
        way = manner.removesuffix("_moments")  # which trains the same parameters on no samples
        samples = frame.get(f"samples_{manner}")
        rows.append(
            {
                "training": words,
                "n": len(frame),
                "samples": "none" if samples is None else f"{samples.iloc[0]:,.0f}",
                "parameters": f"{frame[f'parameters_{way}'].iloc[0]:,.0f}",
                "multiply-adds": f"{work.mean():,.0f}",
                "over the first row": f"{over:.2f}",
                "ms": mean_and_spread(1000 * seconds, 2),
                "ms over the first row": mean_and_spread(times, 2),
            }
        )
    return pd.DataFrame(rows)
