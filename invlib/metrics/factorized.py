"""First and second order of a quadratic loss on maps W = W₂ W₁ of bounded rank.

The loss is tr(W A Wᵀ) − 2 tr(W Bᵀ) + c, with gradient g = 2 (W A − B). Leading dimensions are
batches: W₂ [..., outputs, hidden], W₁ [..., hidden, inputs].
"""

import torch
from torch import Tensor

ROUNDING = 1e-12  # singular values below this part of the largest count as zero


def balanced_factors(W: Tensor, hidden: int) -> tuple[Tensor, Tensor]:
    """Factors with W₂ᵀ W₂ = W₁ W₁ᵀ of a map whose rank is at most `hidden`.

    Hidden units that the map does not need are zero, not the root of a rounding error.
    """
    U, singular, Vt = torch.linalg.svd(W, full_matrices=False)
    root = singular[..., :hidden].sqrt()
    root = root * (singular[..., :hidden] > ROUNDING * singular[..., :1])
    return U[..., :hidden] * root.unsqueeze(-2), root.unsqueeze(-1) * Vt[..., :hidden, :]


def tangent_gradient(gradient: Tensor, W: Tensor, rank: int) -> Tensor:
    """The gradient's part along the surface of maps of this rank: P g + g Q − P g Q.

    P and Q project on the column and the row space of W, which must have this rank.
    """
    U, _, Vt = torch.linalg.svd(W, full_matrices=False)
    U, Vt = U[..., :rank], Vt[..., :rank, :]
    left = U @ (U.mT @ gradient)
    return left + (gradient - left) @ Vt.mT @ Vt


def factor_gradient(gradient: Tensor, second: Tensor, first: Tensor) -> Tensor:
    """The gradient in (W₂, W₁), flattened: [..., parameters]."""
    return torch.cat([(gradient @ first.mT).flatten(-2), (second.mT @ gradient).flatten(-2)], -1)


def factor_hessian(moment: Tensor, gradient: Tensor, second: Tensor, first: Tensor) -> Tensor:
    """The matrix of second derivatives in (W₂, W₁): [..., parameters, parameters].

    `moment` is A. The gradient g enters because W₂ W₁ is not linear in both layers together.
    """
    outputs, hidden = second.shape[-2:]
    inputs = first.shape[-1]
    unit_out = torch.eye(outputs, dtype=second.dtype)
    unit = torch.eye(hidden, dtype=second.dtype)
    sees = moment @ first.mT  # A W₁ᵀ [..., inputs, hidden]
    rows, columns = outputs * hidden, hidden * inputs
    batch = second.shape[:-2]
    both = 2 * torch.einsum("ij,...ab->...iajb", unit_out, first @ sees)
    within = 2 * torch.einsum("...ab,...kl->...akbl", second.mT @ second, moment)
    across = 2 * torch.einsum("...ib,...la->...iabl", second, sees)
    across = across + torch.einsum("ab,...il->...iabl", unit, gradient)
    upper = torch.cat([both.reshape(*batch, rows, rows), across.reshape(*batch, rows, columns)], -1)
    lower = torch.cat(
        [across.reshape(*batch, rows, columns).mT, within.reshape(*batch, columns, columns)], -1
    )
    return torch.cat([upper, lower], -2)


def signs(hessian: Tensor, zero: float = 1e-9) -> tuple[Tensor, Tensor]:
    """How many eigenvalues are negative, and how many zero: below `zero` times the largest."""
    values = torch.linalg.eigvalsh(hessian)
    margin = zero * values.abs().amax(-1, keepdim=True)
    return (values < -margin).sum(-1), (values.abs() <= margin).sum(-1)
