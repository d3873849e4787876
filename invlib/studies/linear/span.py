"""Coordinates for maps on the directions that augmented images have, invariant ones first.

Pixels that are blank in every image carry no information: a map is free there. What is left is
scaled so that images have variance one in every direction, which makes a gradient norm mean the
same for all of them.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from invlib.groups import Group
from invlib.studies.linear.observer import BLANK

STIFFNESS = 10.0  # how much a penalty counts beside the variance of images: maps are large


@dataclass(frozen=True)
class Span:
    """T: first layers W₁ = V Tᵀ. A direction that no image has is a column of zeros."""

    basis: Tensor  # T [seeds, pixels, pixels]
    orbits: int

    @property
    def invariant(self) -> Tensor:
        """The columns for invariant directions: [seeds, pixels, orbits]."""
        return self.basis[..., : self.orbits]

    @property
    def present(self) -> Tensor:
        """Which directions some image has: [seeds, pixels]."""
        return self.basis.abs().amax(-2) > 0


def span_of_orbits(X: Tensor, group: Group, strength: float = 0.0) -> Span:
    """The span of all transformed images X [seeds, n, pixels], as a penalty ‖WG‖² stiffens it.

    Both the moments of whole orbits and G Gᵀ keep invariant directions apart from the others, so
    each block has its own eigenvectors and is exact.
    """
    orbits = group.orbit(X).flatten(1, 2)
    second = orbits.mT @ orbits / orbits.shape[1]
    invariant = group.orbit_basis().to(X)
    count = invariant.shape[1]
    _, vectors = torch.linalg.eigh(group.reynolds().to(X))  # ascending: eigenvalues 0, then 1
    others = vectors[:, : group.pixels - count]
    G = others.mT @ group.constraint().to(X)
    penalty = STIFFNESS * strength * G @ G.mT
    blocks = (
        (invariant, invariant.mT @ second @ invariant),
        (others, others.mT @ second @ others + penalty),
    )
    largest = torch.linalg.matrix_norm(second, 2)
    return Span(torch.cat([_scaled(b, m, largest) for b, m in blocks], -1), count)


def _scaled(directions: Tensor, moment: Tensor, largest: Tensor) -> Tensor:
    """The eigenvectors of the moment over the roots of its eigenvalues; zero where it has none."""
    values, vectors = torch.linalg.eigh(moment)
    present = values > BLANK * largest[:, None]
    scale = torch.where(present, values.clamp(min=torch.finfo(values.dtype).tiny).rsqrt(), 0.0)
    return directions @ (vectors * scale.unsqueeze(-2))
