"""The whole path λ ↦ Ŵ_reg(λ) of paper linear (Prop. 8, Thm. 9), for many problems at once.

One factorization of a problem serves all strengths. There is a basis of pixel space in which XᵀX
and G Gᵀ are both diagonal, with entries c² and s² (the generalized singular value decomposition of
X and Gᵀ). A strength then only weighs coordinates, by 1/√(1 + n λ s²/c²), and what is left per
strength is the singular value decomposition of a matrix with as many rows as classes.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from invlib.closed_form.reduced_rank import RELATIVE_TOLERANCE
from invlib.errors import UsageError
from invlib.groups import Group

UNPENALIZED = 1e-10  # coordinates whose s/c is below this are invariant up to rounding


@dataclass(frozen=True)
class RegularizedPath:
    """Ŵ_reg(λ) and the singular values of Z_reg(λ) for one problem or a batch of them.

    The ends of the path are λ = 0 and λ = ∞ (`math.inf`), and both mean limits. At ∞ that is
    Ŵ_inv. At 0 it is the unpenalized optimum; where XᵀX is singular there are many, and the path
    comes from the one with the least ‖WG‖, not from the one of least norm that
    `regularized_optimum` takes at strength 0.
    """

    targets: Tensor  # Z at strength 0, [..., classes, coordinates]
    penalty: Tensor  # n s²/c² of each coordinate, [..., coordinates]
    back: Tensor  # from coordinates to pixels, [..., coordinates, pixels]

    def maps(self, strengths: Tensor, rank: int) -> Tensor:
        """Ŵ_reg at each strength: [..., strengths, classes, pixels].

        Strengths are those of eq. 7: [strengths] for all problems, or [..., strengths].
        """
        shrink = self._shrink(strengths)
        Z = self._target(shrink)
        U = torch.linalg.svd(Z, full_matrices=False).U[..., :rank]
        return U @ (U.mT @ (Z * shrink.unsqueeze(-2)) @ self.back.unsqueeze(-3))

    def singular_values(self, strengths: Tensor) -> Tensor:
        """The singular values of Z_reg at each strength, descending: [..., strengths, values].

        As many as there are classes, or samples where these are fewer.
        """
        return torch.linalg.svdvals(self._target(self._shrink(strengths)))

    def _target(self, shrink: Tensor) -> Tensor:
        return self.targets.unsqueeze(-3) * shrink.unsqueeze(-2)

    def _shrink(self, strengths: Tensor) -> Tensor:
        """B(λ)⁻¹, diagonal in these coordinates: [..., strengths, coordinates]."""
        strengths = torch.as_tensor(strengths, dtype=torch.float64)
        if not strengths.ndim or not (strengths >= 0).all():
            raise UsageError("strengths must be a list of numbers of at least 0, or infinite.")
        penalty = self.penalty.unsqueeze(-2)
        cost = torch.where(penalty > 0, strengths.unsqueeze(-1) * penalty, 0.0)  # not ∞ · 0
        return (1 + cost).rsqrt()


def regularized_path(X: Tensor, Y: Tensor, group: Group) -> RegularizedPath:
    """The path of the problems X [..., n, pixels], Y [..., n, classes], in float64."""
    n, pixels = X.shape[-2:]
    if pixels != group.pixels or Y.shape[:-1] != X.shape[:-1]:
        raise UsageError(
            f"X has shape {list(X.shape)} and Y {list(Y.shape)}; they must have the same samples, "
            f"of {group.pixels} pixels."
        )
    X, Y = _few_rows(X.double(), Y.double())
    rows = X.shape[-2]
    size = torch.linalg.matrix_norm(X, 2)[..., None, None]
    size = torch.where(size > 0, size, 1.0)
    constraint = group.constraint().mT.expand(*X.shape[:-2], -1, -1)
    both, scale, turn = torch.linalg.svd(torch.cat([X / size, constraint], -2), full_matrices=False)
    seen = scale > RELATIVE_TOLERANCE * scale[..., :1]  # neither X nor G knows the other directions
    both = both * seen.unsqueeze(-2)
    left, c, right = torch.linalg.svd(both[..., :rows, :], full_matrices=False)
    s = torch.linalg.vector_norm(both[..., rows:, :] @ right.mT, dim=-2)
    present = c > RELATIVE_TOLERANCE * c[..., :1]
    c = torch.where(present, c, math.inf)  # a direction that X lacks gets no weight at any strength
    ratio = torch.where(s > UNPENALIZED * c, s / c, 0.0)
    unscale = torch.where(seen, 1 / scale, 0.0)
    return RegularizedPath(
        targets=Y.mT @ left * present.unsqueeze(-2),
        penalty=n * (ratio / size[..., 0]).square(),
        back=(right / c.unsqueeze(-1)) * unscale.unsqueeze(-2) @ turn / size,
    )


def _few_rows(X: Tensor, Y: Tensor) -> tuple[Tensor, Tensor]:
    """An orthogonal map of the samples, which changes no squared error, leaves few rows."""
    together = torch.cat([X, Y], -1)
    if together.shape[-2] > together.shape[-1]:
        together = torch.linalg.qr(together, mode="r").R
    return together[..., : X.shape[-1]], together[..., X.shape[-1] :]
