"""Finite groups that are not orthogonal: integer matrices of the plane, and their features.

A shear of the plane, (x, y) ↦ (x + y, y), has infinite order, so it generates no finite group.
Together with quarter turns it yields matrices of order 3, 4 and 6, the symmetries of lattices.
"""

from math import comb

import torch
from torch import Tensor

from invlib.errors import UsageError
from invlib.groups.permutations import from_permutations
from invlib.groups.representation import Representation, of_group, powers

SHEAR = ((1, 1), (0, 1))
LATTICE = {  # with t a quarter turn ((0, -1), (1, 0)) and s the shear
    3: ((0, -1), (1, -1)),  # t s⁻¹
    4: ((1, -2), (1, -1)),  # s t s⁻¹
    6: ((0, -1), (1, 1)),  # t s
}


def on_monomials(matrix: Tensor, degree: int) -> Tensor:
    """What x ↦ A x does to all monomials of x = (x₁, x₂) up to a degree: φ(A x) = ρ(A) φ(x).

    Monomials x₁^(k−i) x₂^i are sorted by k = 0 … degree, then by i = 0 … k.
    """
    (a, b), (c, e) = torch.as_tensor(matrix).tolist()
    size = (degree + 1) * (degree + 2) // 2
    found, row = torch.zeros(size, size, dtype=torch.float64), 0
    for k in range(degree + 1):
        start = row
        for i in range(k + 1):  # (a x₁ + b x₂)^(k−i) (c x₁ + e x₂)^i
            for p in range(k - i + 1):
                for q in range(i + 1):
                    first = comb(k - i, p) * a ** (k - i - p) * b**p
                    found[row, start + p + q] += first * comb(i, q) * c ** (i - q) * e**q
            row += 1
    return found


def monomials(points: Tensor, degree: int) -> Tensor:
    """φ(x) for points [..., 2], in the order of `on_monomials`."""
    x, y = points.unbind(-1)
    return torch.stack([x ** (k - i) * y**i for k in range(degree + 1) for i in range(k + 1)], -1)


def lattice(order: int, degree: int) -> Representation:
    """The cyclic group of order 3, 4 or 6 in GL₂(ℤ), on monomials up to a degree."""
    if order not in LATTICE:
        raise UsageError(f"order is {order}; take one of 3, 4 and 6.")
    return powers(on_monomials(LATTICE[order], degree), f"lattice of order {order}")


def torus_shear(side: int) -> Representation:
    """Shears of a torus, (x, y) ↦ (x + y mod side, y): they move pixels, so are orthogonal."""
    image = torch.arange(side * side).view(side, side)
    sheared = [
        torch.stack([row.roll(k * y) for y, row in enumerate(image)]).flatten() for k in range(side)
    ]
    return of_group(from_permutations(sheared, side, f"shears of the {side}x{side} torus"))
