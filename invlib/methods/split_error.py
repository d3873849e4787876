"""The augmented squared error in two parts without a common term (paper linear, Sec. 4.3).

The second moment A of augmented images commutes with the group average Ḡ, and their cross moment B
is invariant: B Ḡ = B. So for W = W Ḡ + W_⊥ the mixed term 2 tr(W Ḡ A W_⊥ᵀ) vanishes, and

    L(W) = L(W Ḡ) + tr(W_⊥ A W_⊥ᵀ),

a target error that sees only the invariant part, plus an invariance error that is a quadratic in
W_⊥ alone. Both parts are here in two coordinates: pixels, and eigenvectors of A in which a product
with A is a product with numbers. Gradient descent takes the same path in both; Adam does not.
"""

from dataclasses import dataclass
from typing import Protocol, Self

import torch
from torch import Tensor

from invlib.groups import Group
from invlib.methods.mean_squared_error import MeanSquaredError

BLANK = 1e-12  # directions in which augmented images have less than this part of the most variance


class SplitError(Protocol):
    """The two parts, in some coordinates of the inputs; maps are rows [seeds, rows, inputs]."""

    cross: Tensor  # B [seeds, classes, inputs], invariant
    constant: Tensor  # c [seeds]

    def weigh(self, rows: Tensor) -> Tensor:
        """Rows times A."""

    def average(self, rows: Tensor) -> Tensor:
        """Rows times Ḡ: their invariant part."""


def target_error(split: SplitError, W: Tensor) -> Tensor:
    """L(W Ḡ), the error of the invariant part alone, one number per seed."""
    invariant = split.average(W)
    quadratic = ((split.weigh(invariant) - 2 * split.cross) * invariant).sum((-2, -1))
    return quadratic + split.constant


def invariance_error(split: SplitError, W: Tensor) -> Tensor:
    """tr(W_⊥ A W_⊥ᵀ), the mean square of what W_⊥ answers to augmented images."""
    noninvariant = W - split.average(W)
    return (split.weigh(noninvariant) * noninvariant).sum((-2, -1))


@dataclass(frozen=True)
class PixelSplit:
    """The two parts in pixels."""

    second: Tensor  # A [seeds, pixels, pixels]
    cross: Tensor
    constant: Tensor
    group: Group

    @classmethod
    def of(cls, X: Tensor, Y: Tensor, group: Group) -> Self:
        whole = MeanSquaredError().on_orbits(X, Y, group)
        return cls(whole.second, whole.cross, whole.constant, group)

    def weigh(self, rows: Tensor) -> Tensor:
        return rows @ self.second

    def average(self, rows: Tensor) -> Tensor:
        return self.group.orbit(rows).mean(-2)


@dataclass(frozen=True)
class EigenSplit:
    """The two parts in eigenvectors of A, each of which is invariant or orthogonal to all that are.

    A and Ḡ commute, so that such eigenvectors exist even where eigenvalues coincide.
    """

    values: Tensor  # [seeds, 1, inputs]
    vectors: Tensor  # [seeds, pixels, inputs], orthonormal columns
    invariant: Tensor  # [inputs], 1 for the invariant eigenvectors, 0 for the others
    cross: Tensor
    constant: Tensor

    @classmethod
    def of(cls, X: Tensor, Y: Tensor, group: Group) -> Self:
        whole = MeanSquaredError().on_orbits(X, Y, group)
        proportion, basis = torch.linalg.eigh(group.reynolds(X.dtype))  # 0 first, then 1
        outside = int((proportion < 0.5).sum())
        parts = [_eigenvectors(whole.second, b) for b in basis.tensor_split([outside], 1)]
        values, vectors = (torch.cat(pair, -1) for pair in zip(*parts, strict=True))
        invariant = (torch.arange(group.pixels) >= outside).to(X)
        cross = whole.cross @ vectors * invariant
        return cls(values.unsqueeze(-2), vectors, invariant, cross, whole.constant)

    def weigh(self, rows: Tensor) -> Tensor:
        return rows * self.values

    def average(self, rows: Tensor) -> Tensor:
        return rows * self.invariant

    def blank(self) -> Tensor:
        """1 for directions that no augmented image has, 0 for the others [seeds, 1, inputs]."""
        return (self.values < BLANK * self.values.amax(-1, keepdim=True)).to(self.values)


def _eigenvectors(second: Tensor, basis: Tensor) -> tuple[Tensor, Tensor]:
    """Eigenvalues of A on the span of the basis, which A leaves alone, and their vectors."""
    values, vectors = torch.linalg.eigh(basis.mT @ second @ basis)
    return values.clamp_min(0), basis @ vectors
