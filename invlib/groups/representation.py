"""A finite group acting by invertible matrices, orthogonal or not (paper linear, Sec. 2).

`Group` moves pixels, so that its ρ(g) are orthogonal. Here ρ(g) may be any invertible matrix, as in
T ρ T⁻¹, the same group seen in other coordinates. Element 0 is the identity, and
ρ(compose(j, k)) = ρ(j) ρ(k).
"""

import torch
from torch import Tensor

from invlib.errors import UsageError
from invlib.groups.group import Group

TOLERANCE = 1e-8  # of a product of two elements, relative to the sizes of its factors
HIGHEST_ORDER = 360  # at which `powers` stops looking for the identity


class Representation:
    """Matrices ρ(g) [order, dimension, dimension] that were checked to form a group."""

    def __init__(self, matrices: Tensor, name: str = "matrices") -> None:
        self._set(*_identity_first(_invertible(matrices)), name)

    def _set(self, matrices: Tensor, products: Tensor, name: str) -> None:
        self.name, self._matrices, self._products = name, matrices, products
        self.order, self.dimension = matrices.shape[:2]

    def __repr__(self) -> str:
        return f"<Representation: {self.name}, order {self.order}, dimension {self.dimension}>"

    def matrices(self) -> Tensor:
        """All ρ(k), float64 [order, dimension, dimension]."""
        return self._matrices

    def compose(self, j: int, k: int) -> int:
        """The element that acts as k first and j after it."""
        return int(self._products[j, k])

    def inverse(self, k: int) -> int:
        """The element that undoes k."""
        return int((self._products[k] == 0).nonzero()[0, 0])

    def act(self, x: Tensor, k: int) -> Tensor:
        """ρ(k) x for rows x [..., dimension]."""
        return x @ self._matrices[k].mT

    def orbit(self, x: Tensor) -> Tensor:
        """All transformed rows of x, the identity first: [..., order, dimension]."""
        return torch.einsum("...i,kji->...kj", x, self._matrices)

    def reynolds(self) -> Tensor:
        """Ḡ = (1/|𝒢|) Σ ρ(g), a projection; an orthogonal one only where ρ is orthogonal."""
        return self._matrices.mean(0)

    def invariants(self) -> int:
        """d: how many independent rows w have w ρ(g) = w for all g, by the trace of Ḡ."""
        return round(float(self.reynolds().trace()))

    def invariant_rows(self) -> Tensor:
        """An orthonormal basis of the invariant rows, w Ḡ = w: [invariants, dimension]."""
        return torch.linalg.svd(self.reynolds()).Vh[: self.invariants()]

    def constraint(self) -> Tensor:
        """I − ρ(g) for all g side by side: a map W is invariant exactly if W times it is zero."""
        return torch.cat(list(torch.eye(self.dimension).to(self._matrices) - self._matrices[1:]), 1)

    def invariant_form(self) -> Tensor:
        """M = (1/|𝒢|) Σ ρ(g) ρ(g)ᵀ, so that ρ(g) M ρ(g)ᵀ = M: the identity if ρ is orthogonal.

        The norm w M wᵀ of a row w does not change when w becomes w ρ(g).
        """
        return (self._matrices @ self._matrices.mT).mean(0)

    def departure_from_orthogonal(self) -> float:
        """The largest ‖ρ(g) ρ(g)ᵀ − I‖ over g, in the spectral norm."""
        gap = self._matrices @ self._matrices.mT - torch.eye(self.dimension).to(self._matrices)
        return float(torch.linalg.matrix_norm(gap, 2).max())

    def conjugate(self, T: Tensor) -> "Representation":
        """T ρ T⁻¹: the same group on coordinates x' = T x. No new group, so no new check."""
        T = _square(T[None], "T")[0]
        if len(T) != self.dimension:
            raise UsageError(f"T is {len(T)}x{len(T)}; {self.name} has dimension {self.dimension}.")
        _refuse_singular(T[None], "T")
        moved = torch.linalg.solve(T.mT, (T @ self._matrices).mT).mT
        moved[0] = torch.eye(self.dimension)
        found = Representation.__new__(Representation)
        found._set(moved, self._products, f"{self.name}, other coordinates")
        return found


def of_group(group: Group) -> Representation:
    """The permutation matrices of a group of pixel permutations."""
    return Representation(group.matrices(), group.name)


def powers(matrix: Tensor, name: str = "powers of one matrix") -> Representation:
    """The cyclic group that a matrix of finite order generates."""
    matrix = _square(torch.as_tensor(matrix)[None], "matrix")[0]
    _refuse_singular(matrix[None], "matrix")
    identity = torch.eye(len(matrix), dtype=torch.float64)
    found = [identity]
    while len(found) <= HIGHEST_ORDER:
        following = matrix @ found[-1]
        size = torch.linalg.matrix_norm(matrix) * torch.linalg.matrix_norm(found[-1])
        if torch.linalg.matrix_norm(following - identity) <= TOLERANCE * size:
            return Representation(torch.stack(found), name)
        found.append(following)
    raise UsageError(
        f"matrix has no finite order up to {HIGHEST_ORDER}: none of its powers is the identity."
    )


def _invertible(matrices: Tensor) -> Tensor:
    matrices = _square(matrices, "matrices")
    _refuse_singular(matrices, "matrices")
    return matrices


def _square(matrices: Tensor, name: str) -> Tensor:
    if not isinstance(matrices, Tensor) or matrices.ndim != 3:
        raise UsageError(f"{name} must be a tensor of square matrices [order, d, d].")
    if 0 in matrices.shape or matrices.shape[1] != matrices.shape[2]:
        raise UsageError(f"{name} has shape {list(matrices.shape)}; it must be [order, d, d].")
    if matrices.is_complex() or not matrices.double().isfinite().all():
        raise UsageError(f"{name} must hold finite real numbers.")
    return matrices.double()


def _refuse_singular(matrices: Tensor, name: str) -> None:
    singular = torch.linalg.svdvals(matrices)
    bad = (singular[:, -1] <= 1e-14 * singular[:, 0]).nonzero()
    if len(bad):
        raise UsageError(f"{name} is not invertible: element {int(bad[0])} is singular.")


def _identity_first(matrices: Tensor) -> tuple[Tensor, Tensor]:
    """The matrices with the identity in front, and the table of their products."""
    identity = torch.eye(matrices.shape[1], dtype=torch.float64)
    first = int(torch.linalg.matrix_norm(matrices - identity).argmin())
    order = [first, *(k for k in range(len(matrices)) if k != first)]
    matrices = matrices[order]
    if not torch.allclose(matrices[0], identity, rtol=0, atol=TOLERANCE):
        raise UsageError("matrices is not a group: the identity is missing.")
    flat, sizes = matrices.flatten(1), torch.linalg.matrix_norm(matrices)
    rows = []
    for j, after in enumerate(matrices):
        away, nearest = torch.cdist((after @ matrices).flatten(1), flat).min(1)
        if (away > TOLERANCE * sizes[j] * sizes).any():
            k = int((away - TOLERANCE * sizes[j] * sizes).argmax())
            raise UsageError(
                f"matrices is not a group: the product of elements {order[j]} and {order[k]} "
                f"is not among them (the nearest is {float(away[k]):.2g} away)."
            )
        if len(set(nearest.tolist())) < len(matrices):
            raise UsageError("matrices is not a group of distinct elements: one comes twice.")
        rows.append(nearest)
    return matrices, torch.stack(rows)
