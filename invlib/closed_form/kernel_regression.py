"""Regression with a fixed kernel: what an infinitely wide network learns from squared error.

A predictor is x ↦ k(x, X) c, with one row of coefficients c [n, classes] per training sample.
"""

import torch
from torch import Tensor

from invlib.errors import UsageError


def interpolating(K: Tensor, Y: Tensor, ridge: float = 0.0) -> Tensor:
    """c = (K + ridge · n · I)⁻¹ Y: training to the end, or with weight decay. By Cholesky.

    With no ridge, K must be positive definite to rounding.
    """
    shifted = K + ridge * len(K) * torch.eye(len(K)).to(K)
    factor, failed = torch.linalg.cholesky_ex(shifted)
    if failed:
        raise UsageError(
            f"the kernel matrix is not positive definite (leading minor {int(failed)}): do two "
            "training samples point the same way? A ridge above 0 helps."
        )
    return torch.cholesky_solve(Y.to(K), factor)


def after_steps(K: Tensor, Y: Tensor, rate: float, steps: int) -> Tensor:
    """c after so many steps of gradient descent from f = 0 on (1/2n) Σ ‖f(x_i) − y_i‖².

    Each step moves the predictions on the samples by −(rate/n) K (f − Y). In eigenvectors of K it
    is a geometric series; 1 − (1 − s)^T is formed so that small s keep their digits.
    """
    values, vectors = torch.linalg.eigh(K)
    step = rate * values.clamp_min(0) / len(K)
    if not step[-1] < 2:
        raise UsageError(f"rate is {rate}; steps converge below {2 * rate / step[-1]:.3g} only.")
    # (1 − s)^T with its sign, for 0 ≤ s < 2
    grown = -torch.expm1(steps * torch.log1p(-step.clamp(max=0.5)))
    grown = torch.where(step > 0.5, 1 - (1 - step) ** steps, grown)
    tiny = values <= 1e-14 * values[-1]
    series = torch.where(tiny, steps * rate / len(K), grown / torch.where(tiny, 1.0, values))
    return vectors @ (series[:, None] * (vectors.mT @ Y.to(K)))


def condition(K: Tensor) -> float:
    """The largest eigenvalue of K over its smallest."""
    values = torch.linalg.eigvalsh(K)
    return float(values[-1] / values[0])
