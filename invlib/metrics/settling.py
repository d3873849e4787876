"""When a curve has settled: one number for "converges around epoch 500" (paper linear, Sec. 4)."""

import numpy as np

from invlib.errors import UsageError


def settling_epoch(epochs: np.ndarray, values: np.ndarray, within: float = 0.05) -> int:
    """The first epoch from which on `values` stay within a share `within` of the last one."""
    epochs, values = np.asarray(epochs), np.asarray(values, dtype=float)
    if epochs.ndim != 1 or epochs.shape != values.shape or not len(epochs):
        raise UsageError(
            f"epochs has shape {list(epochs.shape)} and values {list(values.shape)}; "
            "they must be one list each, of the same length."
        )
    if not 0 <= within < 1:
        raise UsageError(f"within is {within}; it must be at least 0 and below 1.")
    outside = np.abs(values - values[-1]) > within * abs(values[-1])
    # The last point is always inside, so there is one after the last that is outside.
    return int(epochs[np.flatnonzero(outside)[-1] + 1 if outside.any() else 0])
