"""The two-layer flow with one target direction, solved: when does ‖W_⊥‖ rise? (linear, Sec. 4.3)

Scalars w (second layer), u (first layer, target direction) and v_k (first layer, non-invariant
directions) descend  a (w u)² − 2 b w u + Σ α_k (w v_k)².  Start with w = u, and let w not feel the
v_k. Then s = w² follows a logistic curve, and with

    q(t) = 1 + ε (e^{4bt} − 1),  ε = s(0) a / b,  κ_k = α_k / a,

    s = s(0)/ε · (1 − (1 − ε)/q),   v_k² = v_k(0)² q^{−κ_k},   ‖W_⊥‖² = s Σ v_k².
"""

import math
from collections.abc import Sequence

import numpy as np

from invlib.errors import UsageError


def noninvariant_square(
    q: np.ndarray, start: float, stiffness: Sequence[float], sizes: Sequence[float]
) -> np.ndarray:
    """‖W_⊥‖² as a function of q ≥ 1, in units of s(∞) = b/a.

    `start` is ε, the initial s over its limit; `stiffness` the κ_k, `sizes` the v_k(0)².
    """
    _check(start, stiffness, sizes)
    q = np.asarray(q, dtype=float)[..., None]
    decay = (np.asarray(sizes, dtype=float) * q ** -np.asarray(stiffness, dtype=float)).sum(-1)
    return (1 - (1 - start) / q[..., 0]) * decay


def turning_points(
    start: float, stiffness: Sequence[float], sizes: Sequence[float], last: float = 1e12
) -> list[float]:
    """The values of q at which ‖W_⊥‖² turns, ascending: at most one for one direction.

    d/dq is a sum of powers of q. Times q^{κ+2} and with one direction it is linear in q; for more
    directions its zeros are bracketed on a fine grid of log q and then bisected.
    """
    _check(start, stiffness, sizes)
    grid = np.linspace(0, math.log(last), 20001)
    signs = np.sign(_slope(grid, start, stiffness, sizes))
    turns = np.flatnonzero(signs[:-1] * signs[1:] < 0)
    return [_bisect(grid[i], grid[i + 1], start, stiffness, sizes) for i in turns]


def rises_at_start(start: float, stiffness: Sequence[float], sizes: Sequence[float]) -> bool:
    """Whether ‖W_⊥‖² grows at first: for one direction, exactly if ε (1 + κ) < 1."""
    _check(start, stiffness, sizes)
    mean = np.average(stiffness, weights=sizes)
    return bool(start * (1 + mean) < 1)


def _slope(
    x: np.ndarray, start: float, stiffness: Sequence[float], sizes: Sequence[float]
) -> np.ndarray:
    """d‖W_⊥‖²/dq at q = eˣ, up to a positive factor."""
    kappa, size = np.asarray(stiffness, dtype=float), np.asarray(sizes, dtype=float)
    x = np.asarray(x, dtype=float)[..., None]
    terms = size * np.exp(-(kappa - kappa.min()) * x)
    return (terms * ((1 - start) * (1 + kappa) * np.exp(-x) - kappa)).sum(-1)


def _bisect(low: float, high: float, *problem) -> float:
    sign = _slope(low, *problem) > 0
    for _ in range(60):
        middle = (low + high) / 2
        if (_slope(middle, *problem) > 0) == sign:
            low = middle
        else:
            high = middle
    return math.exp(low)


def _check(start: float, stiffness: Sequence[float], sizes: Sequence[float]) -> None:
    if not 0 < start < math.inf:
        raise UsageError(f"start is {start!r}; it must be a positive finite number.")
    if len(stiffness) == 0 or len(stiffness) != len(sizes):
        raise UsageError(
            f"stiffness has {len(stiffness)} entries, sizes {len(sizes)}; they must be as many, "
            "and at least one."
        )
    if min(stiffness) < 0 or min(sizes) < 0 or max(sizes) <= 0:
        raise UsageError("stiffness and sizes must not be negative, and some size not zero.")
