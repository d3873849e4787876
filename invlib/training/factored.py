"""Two ways to move the factors of many maps W₂ W₁ at once, for the loss ½ ‖W₂ W₁ − Z‖².

`descend` goes downhill. `settle` solves for a vanishing gradient and does not care which way is
down, so that it finds saddles as well. The first dimension is the batch:
Z [batch, outputs, inputs], W₂ [batch, outputs, hidden], W₁ [batch, hidden, inputs].
"""

import torch
from torch import Tensor

from invlib.metrics.factorized import factor_gradient, factor_hessian

Factors = tuple[Tensor, Tensor]
LOOK = 100  # steps of descent between looks at what has settled and can be left alone


def descend(
    target: Tensor, factors: Factors, *, step: float, steps: int, tolerance: float = 1e-9
) -> Factors:
    """Gradient descent, until no gradient is above `tolerance` or about `steps` are taken.

    The step is in units in which the largest singular value of Z is one; above one it diverges.
    """
    second, first = (factor.clone() for factor in factors)
    moving = torch.arange(len(second))
    for _ in range(0, steps, LOOK):
        now = gradient_norm(target[moving], (second[moving], first[moving]))
        moving = moving[now > tolerance]
        if not len(moving):
            break
        goal, left, right = target[moving], second[moving], first[moving]
        for _ in range(LOOK):
            error = left @ right - goal
            left, right = left - step * error @ right.mT, right - step * left.mT @ error
        second[moving], first[moving] = left, right
    return second, first


def gradient_norm(target: Tensor, factors: Factors) -> Tensor:
    """The norm of the gradient in both factors: [...]."""
    second, first = factors
    return factor_gradient(second @ first - target, second, first).norm(dim=-1)


def settle(target: Tensor, factors: Factors, *, steps: int, tolerance: float = 1e-10) -> Factors:
    """Levenberg-Marquardt steps on the squared norm of the gradient.

    A step that does not lower it is not taken and its damping grows. What has settled is left
    alone, so that the last steps cost little.
    """
    second, first = (factor.clone() for factor in factors)
    damping = torch.ones(len(second), dtype=second.dtype)
    moving = torch.arange(len(second))
    for _ in range(steps):
        now = gradient_norm(target[moving], (second[moving], first[moving]))
        moving = moving[now > tolerance]
        if not len(moving):
            break
        now = now[now > tolerance]
        tried = _damped_step(target[moving], second[moving], first[moving], damping[moving])
        better = gradient_norm(target[moving], tried) < now
        second[moving[better]], first[moving[better]] = tried[0][better], tried[1][better]
        damping[moving] *= torch.where(better, 0.2, 5.0).to(damping)
        damping.clamp_(1e-12, 1e12)
    return second, first


def _damped_step(target: Tensor, second: Tensor, first: Tensor, damping: Tensor) -> Factors:
    error = second @ first - target
    identity = torch.eye(first.shape[-1], dtype=first.dtype)
    # factor_hessian is that of ‖·‖², whose gradient is twice the error: half of it is ours
    hessian = factor_hessian(identity, 2 * error, second, first) / 2
    gradient = factor_gradient(error, second, first).unsqueeze(-1)
    ridge = damping[:, None, None] * torch.eye(hessian.shape[-1], dtype=first.dtype)
    move = torch.linalg.solve(hessian @ hessian + ridge, hessian @ gradient).squeeze(-1)
    size = second[0].numel()
    return (
        second - move[:, :size].unflatten(1, second.shape[1:]),
        first - move[:, size:].unflatten(1, first.shape[1:]),
    )
