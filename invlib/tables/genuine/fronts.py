"""Reading a front of accuracy over SI between the strengths that were tried."""

import numpy as np
import pandas as pd


def accuracy_at(path: pd.DataFrame, similarity: float) -> float:
    """The accuracy where the front, weakest strength first, reaches an SI; NaN if it never does."""
    reached = (path["SI"] >= similarity).to_numpy()
    if not reached.any():
        return float("nan")
    first = int(reached.argmax())
    ends = path.iloc[max(first - 1, 0) : first + 1]
    return float(np.interp(similarity, ends["SI"], ends["accuracy"]))
