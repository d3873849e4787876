"""The one problem behind the three: least squares over linear maps of bounded rank.

Paper linear writes each optimum as U_r Σ_r V_rᵀ times an inverse square root, where U Σ Vᵀ is a
target Z. As U_r Σ_r V_rᵀ = U_r U_rᵀ Z, that is the unbounded optimum projected on the r leading
left singular vectors of its target. Both come from one singular value decomposition of the
design; no square of it is formed, so that no more digits are lost than the data demand.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from invlib.errors import UsageError

RELATIVE_TOLERANCE = 1e-12  # singular values below this part of the largest count as zero


@dataclass(frozen=True)
class ReducedRank:
    """Minimize ‖A Vᵀ − T‖² over maps V of bounded rank; then W = V · basis.

    Where the design A is singular, V is the minimizer of least norm.
    """

    design: Tensor  # A [rows, coordinates]
    targets: Tensor  # T [rows, classes]
    basis: Tensor | None = None  # [coordinates, pixels]; None: the coordinates are the pixels

    def optimum(self, rank: int) -> Tensor:
        """The global optimum W [classes, pixels] among maps of at most this rank."""
        Z, inverse = self._target()
        U = torch.linalg.svd(Z, full_matrices=False).U[:, :rank]
        V = U @ (U.mT @ Z @ inverse)
        return V if self.basis is None else V @ self.basis

    def singular_values(self) -> Tensor:
        """The singular values of the target Z, descending: min(classes, pixels) of them."""
        Z, _ = self._target()
        found = torch.linalg.svdvals(Z)
        pixels = (self.design if self.basis is None else self.basis).shape[1]
        values = found.new_zeros(min(len(Z), pixels))
        values[: len(found)] = found
        return values

    def _target(self) -> tuple[Tensor, Tensor]:
        """The target Z in coordinates in which A is orthonormal, and the way back from these."""
        left, singular, right = torch.linalg.svd(self.design, full_matrices=False)
        kept = _present(singular)
        Z = self.targets.mT @ left[:, :kept]
        return Z, right[:kept] / singular[:kept, None]


def effective_rank(X: Tensor | np.ndarray) -> int:
    """How many directions the inputs X [n, pixels] span, to the tolerance of the optima.

    The papers assume that X Xᵀ (for us XᵀX) has full rank. Images with dead pixels do not give
    that; all optima here are then the minimizers of least norm.
    """
    return _present(torch.linalg.svdvals(matrix("X", X)))


def _present(singular: Tensor) -> int:
    """How many of the descending singular values stand out of rounding."""
    if not len(singular):
        return 0
    return int((singular > RELATIVE_TOLERANCE * singular[0]).sum())


def matrix(name: str, value: Tensor | np.ndarray) -> Tensor:
    """A finite float64 matrix from real numbers in torch or numpy, or a refusal by name."""
    is_complex = value.is_complex() if isinstance(value, Tensor) else np.iscomplexobj(value)
    if is_complex:
        raise UsageError(f"{name} is complex; the closed forms take real numbers.")
    if isinstance(value, Tensor):
        entries = value.detach()
    else:
        try:
            # a copy, because torch warns of arrays that must not be written to
            entries = torch.from_numpy(np.array(value, dtype=np.float64))
        except (TypeError, ValueError):
            raise UsageError(f"{name} is not a matrix of real numbers.") from None
    if entries.ndim != 2 or 0 in entries.shape:
        raise UsageError(
            f"{name} has shape {list(entries.shape)}; it must be a matrix with samples as rows."
        )
    entries = entries.double()
    if not entries.isfinite().all():
        raise UsageError(f"{name} holds NaN or infinite entries.")
    return entries
