"""The optima of paper linear beyond its assumptions: any matrices, any weights, any norm.

`augmented` takes any list of matrices with any weights, a group or not. Samples are rows. Where the
optimum is not unique, the one of least norm tr(W M Wᵀ) comes back; M is the identity unless given.
"""

import operator

import torch
from torch import Tensor

from invlib.closed_form.reduced_rank import ReducedRank, matrix
from invlib.errors import UsageError


def invariant_optimum(
    X: Tensor, Y: Tensor, rows: Tensor, rank: int, form: Tensor | None = None
) -> Tensor:
    """Theorem 6 for any representation: the best map with W ρ(g) = W for all g (problem 4).

    `rows` are an orthonormal basis of the invariant rows, such as Representation.invariant_rows().
    """
    X, Y = _samples(X, Y, rows.shape[1])
    if form is not None:  # rows that are orthonormal for the form, so that V has the norm of V·rows
        lower = torch.linalg.cholesky(rows @ form @ rows.mT)
        rows = torch.linalg.solve_triangular(lower, rows, upper=False)
    return ReducedRank(X @ rows.mT, Y, rows).optimum(_rank(rank, X, Y))


def augmented_optimum_over(
    X: Tensor,
    Y: Tensor,
    matrices: Tensor,
    rank: int,
    weights: Tensor | None = None,
    form: Tensor | None = None,
) -> Tensor:
    """Proposition 11 for any matrices ρ_k [k, d, d] and weights: the least Σ w_k ‖W ρ_k X − Y‖².

    The whole orbit with equal weights is problem 9.
    """
    X, Y = _samples(X, Y, matrices.shape[-1])
    weights = torch.ones(len(matrices)) if weights is None else weights
    if weights.shape != (len(matrices),) or (weights < 0).any() or not weights.sum() > 0:
        raise UsageError(
            f"weights has shape {list(weights.shape)}; it must hold one number of at least 0 for "
            f"each of the {len(matrices)} matrices, not all 0."
        )
    roots = weights.to(X).sqrt()[:, None, None]
    design = (roots * (X @ matrices.mT)).flatten(0, 1)
    targets = (roots * Y).flatten(0, 1)
    design, targets = compressed(design, targets)
    basis = None
    if form is not None:  # W = V L⁻¹ with M = L Lᵀ: the norm of V is that of W
        basis = torch.linalg.inv(torch.linalg.cholesky(form))
        design = design @ basis.mT
    return ReducedRank(design, targets, basis).optimum(_rank(rank, X, Y))


def compressed(X: Tensor, Y: Tensor) -> tuple[Tensor, Tensor]:
    """Fewer rows with the same squared error for every map: an orthogonal map of the samples."""
    together = torch.cat([X, Y], 1)
    if len(together) > together.shape[1]:
        together = torch.linalg.qr(together, mode="r").R
    return together[:, : X.shape[1]], together[:, X.shape[1] :]


def _samples(X: Tensor, Y: Tensor, dimension: int) -> tuple[Tensor, Tensor]:
    X, Y = matrix("X", X), matrix("Y", Y)
    if len(X) != len(Y):
        raise UsageError(f"X has {len(X)} samples, Y has {len(Y)}; they must be as many.")
    if X.shape[1] != dimension:
        raise UsageError(f"X has {X.shape[1]} columns; the matrices act on {dimension}.")
    return compressed(X, Y.to(X))


def _rank(rank: int, X: Tensor, Y: Tensor) -> int:
    highest = min(X.shape[1], Y.shape[1])
    if isinstance(rank, bool) or not 1 <= operator.index(rank) <= highest:
        raise UsageError(f"rank is {rank!r}; such a map has rank 1 to {highest}.")
    return rank
