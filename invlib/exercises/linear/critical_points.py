"""The checks behind the exercises of linear/critical_points."""

import itertools
import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from invlib.exercises.verdict import Answer


def check_saddle_loss(attempt: Callable[[Tensor, Sequence[int]], Tensor | float]) -> Answer:
    """Whether `attempt(σ, kept)` is ‖U_I Σ_I V_Iᵀ − Z‖² for a Z with singular values σ (B.9)."""
    generator = torch.Generator().manual_seed(0)
    Z = torch.randn(5, 4, generator=generator, dtype=torch.float64)
    U, singular, Vt = torch.linalg.svd(Z, full_matrices=False)
    for kept in itertools.combinations(range(4), 2):
        kept = list(kept)
        M = U[:, kept] * singular[kept] @ Vt[kept]
        try:
            found = float(attempt(singular, kept))
        except (TypeError, ValueError, RuntimeError):
            return Answer("replace the dots by a number.")
        wanted = float((Z - M).square().sum())
        if math.isclose(found, wanted, rel_tol=1e-6):
            continue
        if math.isclose(found, float(M.square().sum()), rel_tol=1e-6):
            return Answer("these are the squares that are kept; what is lost is the others.")
        if math.isclose(found, wanted**0.5, rel_tol=1e-6):
            return Answer("this is the distance; the loss is its square.")
        return Answer(f"with the singular values {kept} kept it is {wanted:.4f}, not {found:.4f}.")
    return Answer()


def check_ways_down(attempt: Callable[[Sequence[int], int], int]) -> Answer:
    """Whether `attempt(kept, total)` counts the pairs of a kept and a larger dropped value."""
    for total in (4, 5):
        for kept in itertools.combinations(range(total), 2):
            wanted = sum(j not in kept and j < i for i in kept for j in range(total))
            try:
                found = int(attempt(list(kept), total))
            except (TypeError, ValueError):
                return Answer("replace the dots by a number.")
            if found == wanted:
                continue
            if kept == (0, 1):
                return Answer(f"the minimum keeps {list(kept)} and has no way down, not {found}.")
            return Answer(f"of {total} values, keeping {list(kept)} gives {wanted}, not {found}.")
    return Answer()
