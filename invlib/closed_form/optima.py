"""The three global optima of paper linear: constrained, regularized, augmented.

Samples are rows: X [n, pixels], Y [n, classes]. Inputs are real numbers in torch or numpy; every
optimum is a float64 tensor W [classes, pixels]. Where XᵀX is singular it is the minimizer of least
norm. Where the r-th and the next singular value of a target coincide, the optimum is not unique
and one of them comes back.
"""

import math
import operator

import numpy as np
import torch
from torch import Tensor

from invlib.closed_form.reduced_rank import ReducedRank, matrix
from invlib.errors import UsageError
from invlib.groups import Group

Matrix = Tensor | np.ndarray


def constrained_optimum(X: Matrix, Y: Matrix, group: Group, rank: int) -> Tensor:
    """Theorem 6: the best map of at most this rank with W G = 0 (problem 4)."""
    X, Y, _ = _samples(X, Y, group)
    return _constrained(X, Y, group).optimum(_rank(rank, X, Y))


def regularized_optimum(X: Matrix, Y: Matrix, group: Group, rank: int, strength: float) -> Tensor:
    """Proposition 8: the best map of at most this rank for the penalized loss (eq. 7).

    The loss is (1/n) ‖W X − Y‖² + strength · ‖W G‖². A mean over classes as well, as
    torch.nn.MSELoss takes it, is met by strength times classes.
    """
    X, Y, n = _samples(X, Y, group)
    return _regularized(X, Y, n, group, _strength(strength)).optimum(_rank(rank, X, Y))


def augmented_optimum(X: Matrix, Y: Matrix, group: Group, rank: int) -> Tensor:
    """Proposition 11: the best map of at most this rank on all transformed samples (problem 9)."""
    X, Y, _ = _samples(X, Y, group)
    return _augmented(X, Y, group).optimum(_rank(rank, X, Y))


def constrained_singular_values(X: Matrix, Y: Matrix, group: Group) -> Tensor:
    """The singular values of Z_inv = Z (I − G̃G̃⁺) in Theorem 6, descending."""
    X, Y, _ = _samples(X, Y, group)
    return _constrained(X, Y, group).singular_values()


def regularized_singular_values(X: Matrix, Y: Matrix, group: Group, strength: float) -> Tensor:
    """The singular values of Z_reg(λ) = Z B(λ)⁻¹ in Proposition 8, descending."""
    X, Y, n = _samples(X, Y, group)
    return _regularized(X, Y, n, group, _strength(strength)).singular_values()


def augmented_singular_values(X: Matrix, Y: Matrix, group: Group) -> Tensor:
    """The singular values of Z_da = |𝒢| Y Xᵀ Ḡᵀ Q⁻¹ in Proposition 11: √|𝒢| times Z_inv's."""
    X, Y, _ = _samples(X, Y, group)
    return _augmented(X, Y, group).singular_values()


def _constrained(X: Tensor, Y: Tensor, group: Group) -> ReducedRank:
    invariant = group.orbit_basis().to(X)
    return ReducedRank(X @ invariant, Y, invariant.mT)


def _augmented(X: Tensor, Y: Tensor, group: Group) -> ReducedRank:
    return ReducedRank(group.orbit(X).flatten(0, 1), Y.repeat_interleave(group.order, 0))


def _regularized(X: Tensor, Y: Tensor, n: int, group: Group, strength: float) -> ReducedRank:
    """The penalty as further rows of the design, in coordinates scaled to suit every strength.

    In an orthonormal basis of eigenvectors of G Gᵀ the penalty is diagonal, and zero on the
    invariant directions. Dividing each penalized coordinate by √(1 + its penalty over the size of
    the data) keeps the design of order one from no penalty to an infinite one.
    """
    G = group.constraint().to(X)
    invariant = group.orbit_basis().to(X)
    eigenvalues, vectors = torch.linalg.eigh(G @ G.mT)  # ascending: the invariant ones first
    eigenvalues, penalized = eigenvalues[invariant.shape[1] :], vectors[:, invariant.shape[1] :]
    size = torch.linalg.matrix_norm(X, 2)
    size = size if size > 0 else torch.ones_like(size)
    ratio = n * strength * eigenvalues / size.square()
    shrink = (1 + ratio).rsqrt()
    weight = (1 + 1 / ratio).rsqrt()  # √(ratio / (1 + ratio)), also where ratio is 0 or infinite
    basis = torch.cat([invariant, penalized * shrink], 1).mT / size
    penalty = torch.cat([weight.new_zeros(len(weight), invariant.shape[1]), weight.diag()], 1)
    design = torch.cat([X @ basis.mT, penalty])
    return ReducedRank(design, torch.cat([Y, Y.new_zeros(len(weight), Y.shape[1])]), basis)


def _samples(X: Matrix, Y: Matrix, group: Group) -> tuple[Tensor, Tensor, int]:
    """X and Y turned so that few rows carry them, and the number n of samples.

    An orthogonal map of the samples changes no squared error, and no action on the pixels.
    """
    X, Y = matrix("X", X), matrix("Y", Y)
    if not isinstance(group, Group):
        raise UsageError(f"group is a {type(group).__name__}; take one of invlib.groups.")
    if len(X) != len(Y):
        raise UsageError(f"X has {len(X)} samples, Y has {len(Y)}; they must be as many.")
    if X.shape[1] != group.pixels:
        raise UsageError(f"X has {X.shape[1]} columns; {group.name} acts on {group.pixels} pixels.")
    together = torch.cat([X, Y.to(X)], 1)
    if len(together) > together.shape[1]:
        together = torch.linalg.qr(together, mode="r").R
    return together[:, : X.shape[1]], together[:, X.shape[1] :], len(X)


def _rank(rank: int, X: Tensor, Y: Tensor) -> int:
    highest = min(X.shape[1], Y.shape[1])
    try:
        number = None if isinstance(rank, bool) else operator.index(rank)
    except TypeError:
        number = None
    if number is None or not 1 <= number <= highest:
        raise UsageError(
            f"rank is {rank!r}; a map of {X.shape[1]} pixels to {Y.shape[1]} classes "
            f"has rank 1 to {highest}."
        )
    return number


def _strength(strength: float) -> float:
    try:
        number = math.nan if isinstance(strength, bool) else float(strength)
    except (TypeError, ValueError):
        number = math.nan
    if not (0 <= number < math.inf):
        raise UsageError(f"strength is {strength!r}; it must be a finite number of at least 0.")
    return number
