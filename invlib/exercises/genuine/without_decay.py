"""The checks behind the exercises of genuine/without_decay."""

from collections.abc import Callable

import torch
from torch import Tensor

from invlib.exercises.verdict import Answer, attempted
from invlib.methods.scale_free_penalties import spread_ratio

CLASSES, PIXELS = 3, 8


def check_scale_free(attempt: Callable[[Tensor, Tensor], Tensor]) -> Answer:
    """Whether `attempt(a, b)` is the ratio, for one network's logits [n, classes]."""
    a, b = _logits()
    found, wrong = attempted(lambda: float(attempt(a, b)))
    if wrong is not None:
        return wrong
    larger = float(attempt(3 * a, 3 * b))
    if abs(larger - found) > 1e-9 * abs(found):
        return Answer(f"three times the logits give {larger / found:.3g} times the penalty.")
    offset = float(attempt(a + 5, b + 5))
    if abs(offset - found) > 1e-9 * abs(found):
        return Answer("an offset of all logits changes it: measure the spread around the mean.")
    expected = float(spread_ratio(a[None], b[None]).mean())
    if abs(found - expected) > 1e-6 * expected:
        return Answer(f"it is free of scale, but {found:.4g} where the ratio is {expected:.4g}.")
    return Answer()


def check_ratio_gradient(attempt: Callable[[Tensor, Tensor, Tensor], Tensor]) -> Answer:
    """Whether `attempt(W, A, B)` is the gradient of ½ tr(WAWᵀ) / tr(WBWᵀ)."""
    W, A, B = _matrices()
    found, wrong = attempted(attempt, W, A, B)
    if wrong is not None:
        return wrong
    if not isinstance(found, Tensor) or found.shape != W.shape:
        return Answer(f"replace the dots: the gradient has the shape of W, {tuple(W.shape)}.")
    W.requires_grad_()
    value = torch.trace(W @ A @ W.mT) / 2 / torch.trace(W @ B @ W.mT)
    (expected,) = torch.autograd.grad(value, W)
    if torch.allclose(found.detach(), expected):
        return Answer()
    if abs(float((found.detach() * W.detach()).sum())) > 1e-9:
        return Answer("its inner product with W is not zero: along W the ratio does not change.")
    return Answer("it is orthogonal to W, as it must be, but not the gradient: check the factors.")


def _logits() -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(0)
    a = torch.randn(20, CLASSES, generator=generator, dtype=torch.float64)
    return a, a + 0.3 * torch.randn(20, CLASSES, generator=generator, dtype=torch.float64)


def _matrices() -> tuple[Tensor, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(1)
    W, x, y = (
        torch.randn(n, PIXELS, generator=generator, dtype=torch.float64) for n in (CLASSES, 30, 30)
    )
    return W, x.mT @ x / 30, y.mT @ y / 30
