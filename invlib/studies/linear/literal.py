"""The targets of paper linear computed as they are printed, for images on which XXᵀ is singular.

Z = Y Xᵀ P⁻¹ with P = (XXᵀ)^½ asks for an inverse that does not exist. Here are usual ways out, each
of which changes the result in its own way. None is how the library computes (see
`invlib.closed_form`); they are here to find out how the paper may have computed its Fig. 5. Subsets
are a batch: X [seeds, n, pixels], Y [seeds, n, classes]; G [pixels, any].
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

PRESENT = 1e-9  # singular values of X below this part of the largest count as zero


@dataclass(frozen=True)
class Literal:
    """Z and G̃ = P⁻¹G, by one way around the inverse of a singular P."""

    Z: Tensor  # Y Xᵀ P⁻¹ [seeds, classes, pixels]
    tilted: Tensor  # P⁻¹ G [seeds, pixels, any]

    @classmethod
    def with_jitter(
        cls, X: Tensor, Y: Tensor, G: Tensor, jitter: float, dtype: torch.dtype = torch.float64
    ) -> "Literal":
        """P² = XXᵀ + jitter · I, formed and decomposed in the given precision."""
        X, Y, G = X.to(dtype), Y.to(dtype), G.to(dtype)
        square = X.mT @ X + jitter * torch.eye(X.shape[-1], dtype=dtype)
        values, vectors = torch.linalg.eigh(square)
        return cls._from(X, Y, G, vectors, values.clamp(min=jitter).rsqrt())

    @classmethod
    def with_pseudo_inverse(cls, X: Tensor, Y: Tensor, G: Tensor) -> "Literal":
        """P⁺ in place of P⁻¹: rows of W are confined to the span of the images."""
        _, s, rows = torch.linalg.svd(X, full_matrices=False)
        inverse = torch.where(s > PRESENT * s[..., :1], 1 / s, 0)
        return cls._from(X, Y, G, rows.mT, inverse)

    @classmethod
    def _from(cls, X: Tensor, Y: Tensor, G: Tensor, vectors: Tensor, inverse: Tensor) -> "Literal":
        inverse_P = (vectors * inverse.unsqueeze(-2)) @ vectors.mT
        return cls(Y.mT @ X @ inverse_P, inverse_P @ G)

    def constrained(self) -> tuple[Tensor, Tensor]:
        """σ(Z_inv) with torch's default cut-off in G̃⁺, and the rank that I − G̃G̃⁺ then has."""
        projection = self.tilted @ torch.linalg.pinv(self.tilted)
        rank = projection.shape[-1] - projection.diagonal(dim1=-2, dim2=-1).sum(-1)
        values = torch.linalg.svdvals(self.Z - self.Z @ projection)
        return values.double(), rank.double()

    def constrained_leaving_out(self, directions: int, orbits: int) -> Tensor:
        """σ(Z_inv) if G̃⁺ takes this many of the smallest singular values of G̃ for zero."""
        left = torch.linalg.svd(self.tilted).U
        penalized = left[..., : left.shape[-1] - orbits - directions]
        return torch.linalg.svdvals(self.Z - self.Z @ penalized @ penalized.mT)

    def regularized(self, weights: Sequence[float]) -> Tensor:
        """σ(Z_reg) [weights, seeds, ...] with B² = I + weight · G̃G̃ᵀ; the paper's is nλ."""
        values, vectors = torch.linalg.eigh(self.tilted @ self.tilted.mT)
        turned, values = self.Z @ vectors, values.clamp(min=0).unsqueeze(-2)
        return torch.stack(
            [torch.linalg.svdvals(turned * (1 + w * values).rsqrt()) for w in weights]
        )


def interlaced(larger: Tensor, smaller: Tensor, slack: float = 1e-4) -> Tensor:
    """Whether σ₁ ≥ τ₁ ≥ σ₂ ≥ τ₂ ≥ …: what one more dimension in a projector always leads to."""
    below = torch.cat([larger[..., 1:], torch.zeros_like(larger[..., :1])], -1)
    return ((larger >= smaller - slack) & (smaller >= below - slack)).all(-1)
