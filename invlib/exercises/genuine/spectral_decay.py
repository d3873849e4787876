"""The checks behind the exercises of genuine/spectral_decay."""

from collections.abc import Callable

import torch
from torch import Tensor

from invlib.closed_form.invariance_flow import rank_one_flow
from invlib.exercises.verdict import Answer, attempted

PIXELS, CLASSES = 6, 3


def _draw(seed: int, *shape: int) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def _wrong_shape(found: object, shape: tuple[int, ...]) -> Answer | None:
    if not isinstance(found, Tensor) or found.shape != shape:
        return Answer(f"replace the dots: the result should be a tensor of shape {shape}.")
    return None


def check_gradient(attempt: Callable[[Tensor, Tensor], Tensor]) -> Answer:
    """Whether `attempt(W, eps)` is the gradient of ½ mean ‖W ε‖² over the rows ε of eps."""
    W, eps = _draw(0, CLASSES, PIXELS), _draw(1, 4, PIXELS)
    found, wrong = attempted(attempt, W, eps)
    wrong = wrong or _wrong_shape(found, W.shape)
    if wrong is not None:
        return wrong
    at = W.clone().requires_grad_()
    ((eps @ at.mT).square().sum(1).mean() / 2).backward()
    if torch.allclose(found.double(), at.grad):
        return Answer()
    near = {
        2: "½ cancels the 2 of the square.",
        4: "take the mean over ε.",
        -1: "that is the direction of the flow, minus the gradient.",
    }
    for factor, words in near.items():
        if torch.allclose(found.double(), factor * at.grad):
            return Answer(words)
    return Answer("it differs from the gradient that autograd finds.")


def check_decay(attempt: Callable[[Tensor, float], Tensor]) -> Answer:
    """Whether `attempt(eps, t)` is exp(−t ε εᵀ)."""
    eps, one = _draw(2, PIXELS), torch.eye(PIXELS, dtype=torch.float64)
    for t in (0.0, 0.3, 2.0):
        found, wrong = attempted(attempt, eps, t)
        wrong = wrong or _wrong_shape(found, one.shape)
        if wrong is not None:
            return wrong
        across = torch.linalg.svd(eps[None]).Vh[1:]  # directions at right angles to ε
        if not torch.allclose(across @ found.double(), across):
            return Answer("a direction at right angles to ε should stay as it is.")
        if not torch.allclose(found.double(), rank_one_flow(one, eps, t)):
            return Answer(f"at t = {t:g}, ε itself should shrink by exp(−t εᵀε).")
    return Answer()


def check_unmoved(attempt: Callable[[Tensor], Tensor]) -> Answer:
    """Whether `attempt(eps)` is a map W whose σ_max the flow of ε never changes, though W moves."""
    eps = _draw(3, PIXELS)
    found, wrong = attempted(attempt, eps)
    if wrong is not None:
        return wrong
    if not isinstance(found, Tensor) or found.shape[1:] != (PIXELS,) or not len(found):
        return Answer(f"replace the dots: W should be a matrix with {PIXELS} columns.")
    W = found.double()
    start, end = (torch.linalg.svdvals(m)[0] for m in (W, rank_one_flow(W, eps, float("inf"))))
    if not start > 0:
        return Answer("W is zero: its σ_max cannot fall, but that is no feat.")
    if (W @ eps).norm() <= 1e-9 * start * eps.norm():
        return Answer("W ε = 0, so W does not move at all. Let one row of it see ε.")
    if end < start * (1 - 1e-9):
        return Answer(f"σ_max falls from {start:.3f} to {end:.3f}: its direction sees ε.")
    return Answer()
