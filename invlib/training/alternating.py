"""Alternating least squares: the layers of W = W₂ W₁ in turn, each solved for exactly.

It needs no learning rate, never increases the loss, and knows nothing of singular values. Starts
and seeds are one batch.
"""

from typing import Protocol

import torch
from torch import Tensor

PRESENT = 1e-13  # eigenvalues below this part of the largest count as zero


class QuadraticObjective(Protocol):
    """tr(W A Wᵀ) − 2 tr(W Bᵀ) plus a constant, one per seed."""

    second: Tensor  # A [seeds, inputs, inputs]
    cross: Tensor  # B [seeds, classes, inputs]


def alternate(objective: QuadraticObjective, second: Tensor, *, sweeps: int) -> Tensor:
    """The maps W [seeds, starts, classes, inputs] reached from W₂ [seeds, starts, classes, r]."""
    A, B = objective.second.unsqueeze(-3), objective.cross.unsqueeze(-3)
    unbounded = B @ _inverse(A)
    for sweep in range(sweeps):
        basis = torch.linalg.qr(second).Q  # the columns of W₂: only their span matters
        first = basis.mT @ unbounded
        if sweep + 1 < sweeps:
            second = B @ first.mT @ _inverse(first @ A @ first.mT)
    return basis @ first


def _inverse(square: Tensor) -> Tensor:
    """The pseudo-inverse of symmetric matrices: inputs without data get no weight."""
    return torch.linalg.pinv(square, rtol=PRESENT, hermitian=True)
