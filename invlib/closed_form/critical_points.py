"""All critical points of the three problems in function space (paper linear, Prop. 13 and B.9).

In coordinates in which the inputs are orthonormal, each problem asks for the M of rank at most r
nearest to a target Z = U Σ Vᵀ. Where M has rank r, the maps of rank r form a smooth surface, and M
is critical if Z − M is orthogonal to it: M = P Z = Z Q, with P and Q the projections on the column
and the row space of M. So P Z Zᵀ = Z Q Zᵀ is symmetric, P commutes with Z Zᵀ, and for distinct
singular values M keeps some r of the terms σ_i u_i v_iᵀ: M = U_I Σ_I V_Iᵀ.

How many directions lead down from there: swap some of u_i (i kept) for u_j (j dropped) by an angle
b, and v_i for v_j by an angle c, in units that make M move by b and c. To second order the squared
distance changes by b² + c² − 2 (σ_j / σ_i) b c; every other direction only adds to it. This form
has one negative direction if σ_j > σ_i and none else. So the negative directions are counted by
the pairs of a kept and a larger dropped singular value, and only I = {1, …, r} has none.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from invlib.closed_form.optima import (
    Matrix,
    _augmented,
    _constrained,
    _rank,
    _regularized,
    _samples,
    _strength,
)
from invlib.closed_form.reduced_rank import ReducedRank
from invlib.errors import UsageError
from invlib.groups import Group

ZERO = 1e-10  # singular values below this part of the largest count as zero
DISTINCT = 1e-9  # two that differ by less than this part of the largest count as equal
MOST = 100_000  # critical points that are listed


@dataclass(frozen=True)
class CriticalPoints:
    """All critical points of one rank, in the order of their index sets: the minimum is first."""

    kept: Tensor  # the index sets I [points, rank], ascending, counted from 0
    maps: Tensor  # W [points, classes, pixels]
    losses: Tensor  # [points], as the paper's problem (4), (7) or (9) has it
    singular_values: Tensor  # of the target Z, those that are not zero, descending
    target: Tensor  # Z [classes, coordinates]
    nearest: Tensor  # M = U_I Σ_I V_Iᵀ [points, classes, coordinates], the maps where Z lives

    def __len__(self) -> int:
        return len(self.kept)

    @property
    def descents(self) -> Tensor:
        """The directions that lead down from each point: pairs i in I, j not in I, σ_j > σ_i.

        The k-th kept index (from 0) has i_k − k dropped ones before it.
        """
        rank = self.kept.shape[1]
        return self.kept.sum(1) - rank * (rank - 1) // 2


def constrained_critical_points(X: Matrix, Y: Matrix, group: Group, rank: int) -> CriticalPoints:
    """Those of problem (4), among the invariant maps of exactly this rank."""
    X, Y, n = _samples(X, Y, group)
    return _all(_constrained(X, Y, group), _rank(rank, X, Y), n)


def regularized_critical_points(
    X: Matrix, Y: Matrix, group: Group, rank: int, strength: float
) -> CriticalPoints:
    """Those of problem (7), the penalty weighted as there: (1/n) ‖W X − Y‖² + strength ‖W G‖²."""
    X, Y, n = _samples(X, Y, group)
    return _all(_regularized(X, Y, n, group, _strength(strength)), _rank(rank, X, Y), n)


def augmented_critical_points(X: Matrix, Y: Matrix, group: Group, rank: int) -> CriticalPoints:
    """Those of problem (9), on all transformed samples."""
    X, Y, n = _samples(X, Y, group)
    return _all(_augmented(X, Y, group), _rank(rank, X, Y), n * group.order)


def _all(problem: ReducedRank, rank: int, count: int) -> CriticalPoints:
    target, inverse = problem._target()
    back = inverse if problem.basis is None else inverse @ problem.basis
    U, singular, _ = torch.linalg.svd(target, full_matrices=False)
    singular = _distinct(singular, rank)
    U = U[:, : len(singular)]
    kept = torch.combinations(torch.arange(len(singular)), rank)
    is_kept = U.new_zeros(len(kept), len(singular)).scatter_(1, kept, 1.0)
    parts = U.mT.unsqueeze(2) * (U.mT @ target).unsqueeze(1)  # σ_i u_i v_iᵀ
    nearest = (is_kept @ parts.flatten(1)).unflatten(1, target.shape)
    total = problem.targets.square().sum()
    return CriticalPoints(
        kept=kept,
        maps=nearest @ back,
        losses=(total - is_kept @ singular.square()) / count,
        singular_values=singular,
        target=target,
        nearest=nearest,
    )


def _distinct(singular: Tensor, rank: int) -> Tensor:
    """The singular values that are not zero, or a refusal where the list would not be the whole."""
    present = singular[singular > ZERO * singular[0]]
    if rank > len(present):
        raise UsageError(
            f"rank is {rank}; the target of this problem has rank {len(present)}, so that no "
            "critical point has a higher one."
        )
    equal = (-present.diff() < DISTINCT * present[:1]).nonzero()
    if len(equal):
        first = int(equal[0]) + 1
        raise UsageError(
            f"singular values {first} and {first + 1} of the target are equal "
            f"({present[first - 1]:.6g}): critical points then form continua, not a list."
        )
    if (number := math.comb(len(present), rank)) > MOST:
        raise UsageError(f"{number} critical points of rank {rank}; at most {MOST} are listed.")
    return present
