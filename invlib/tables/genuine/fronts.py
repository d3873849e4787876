"""Reading a front of accuracy over SI between the strengths that were tried."""

import numpy as np
import pandas as pd


def accuracy_at(path: pd.DataFrame, similarity: float) -> str:
    """The accuracy where the front, weakest strength first, reaches an SI; a dash if never."""
    reached = (path["SI"] >= similarity).to_numpy()
    if not reached.any():
        return "–"
    first = int(reached.argmax())
    ends = path.iloc[max(first - 1, 0) : first + 1]
    return f"{np.interp(similarity, ends['SI'], ends['accuracy']):.3f}"
