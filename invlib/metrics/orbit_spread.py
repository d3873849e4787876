"""How far the entries of W on one pixel orbit are from sharing a value (paper linear, Fig. 1)."""

import numpy as np

from invlib.errors import UsageError


def orbit_spread(entries: np.ndarray) -> np.ndarray:
    """‖w − w̄‖ / ‖w‖ for the entries w [..., rows, pixels of the orbit]; w̄ averages each row.

    0: the columns are equal. 1: every row averages to zero over the orbit. Independent entries,
    as before training, give about √(3/4) on an orbit of four pixels. Entries that are all zero
    are equal, so their spread is 0.
    """
    entries = np.asarray(entries, dtype=float)
    if entries.ndim < 2:
        raise UsageError(
            f"entries has shape {list(entries.shape)}; it must be [..., rows, pixels of the orbit]."
        )
    apart = entries - entries.mean(-1, keepdims=True)
    size = np.linalg.norm(entries, axis=(-2, -1))
    return np.linalg.norm(apart, axis=(-2, -1)) / np.where(size > 0, size, 1.0)
