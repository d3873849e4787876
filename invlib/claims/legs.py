"""The rises and falls of a curve, noise left out."""

import numpy as np


def legs_of(row: np.ndarray, by: float) -> str:
    """The rises and falls of at least `by` that a curve goes through; what is smaller is noise."""
    legs: list[str] = []
    low = high = row[0]
    for value in row:
        low, high = min(low, value), max(high, value)
        if legs[-1:] != ["up"] and value >= low + by:
            legs.append("up")
            high = value
        elif legs[-1:] != ["down"] and value <= high - by:
            legs.append("down")
            low = value
    return ", ".join(legs)
