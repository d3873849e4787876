"""The checks behind the exercises of genuine/primer."""

from collections.abc import Callable

import torch
from torch import Tensor

from invlib.exercises.verdict import Answer, attempted
from invlib.groups import Group, rotations, translations
from invlib.metrics import logit_invariance_error, predictive_invariance_error

SIDE = 6


def check_orbit_size(attempt: Callable[[Tensor, Group], int]) -> Answer:
    """Whether `attempt(x, group)` is how many different images the group makes of x."""
    image = _images(1)[0]
    turns, shifts = rotations(SIDE), translations(SIDE)
    half = image + turns.act(image, 2)
    cases = (
        ("an image without symmetry, under quarter turns", image, turns),
        ("an image without symmetry, under three shifts", image, shifts),
        ("an image that looks the same after a half turn", half, turns),
        ("a blank image", torch.zeros_like(image), turns),
    )
    for words, x, group in cases:
        found, wrong = attempted(lambda x=x, group=group: int(attempt(x, group)))
        if wrong is not None:
            return wrong
        expected = len(group.orbit(x).unique(dim=0))
        if found != expected:
            return Answer(f"{words}: you count {found}, its orbit holds {expected}.")
    return Answer()


def check_symmetrized(attempt: Callable[[Callable, Group], Callable]) -> Answer:
    """Whether `attempt(psi, group)` makes an equivariant, not invariant, map of any map psi."""
    x = _images(5)
    weights = torch.randn(SIDE**2, SIDE**2, generator=_generator(), dtype=torch.float64)
    for group in (rotations(SIDE), translations(SIDE)):
        found, wrong = attempted(lambda group=group: _everywhere(attempt, weights, x, group))
        if wrong is not None:
            return wrong
        still, *moved = found
        if not isinstance(still, Tensor) or still.shape != x.shape:
            return Answer(
                f"the new map should give images {list(x.shape)} for images of this shape."
            )
        if all(torch.allclose(one, still) for one in moved):
            return Answer("your map is invariant: it gives the same image however x is moved.")
        for k, one in enumerate(moved, start=1):
            if not torch.allclose(one, group.act(still, k)):
                return Answer(f"under {group.name} the image of gx is not the moved image of x.")
        orbit = [group.act(x, k) @ weights.mT for k in range(group.order)]
        mean = sum(group.act(one, group.inverse(k)) for k, one in enumerate(orbit)) / group.order
        if not torch.allclose(still, mean):
            return Answer("your map is equivariant, but it is not the average of ψ.")
    return Answer()


def check_invisible_change(attempt: Callable[[Tensor, Tensor], Tensor]) -> Answer:
    """Whether `attempt(logits, amount)` moves logits and leaves every probability as it is."""
    group, x = rotations(SIDE), _images(20)
    weights = torch.randn(4, SIDE**2, generator=_generator(), dtype=torch.float64)
    averaged = weights @ group.reynolds()

    def model(images: Tensor) -> Tensor:
        return attempt(images @ averaged.mT, images[:, 0])

    errors, wrong = attempted(
        lambda: [
            measure(model, x, group)
            for measure in (logit_invariance_error, predictive_invariance_error)
        ]
    )
    if wrong is not None:
        return wrong
    logit, predictive = errors
    if predictive > 1e-12:
        return Answer(f"the predicted distribution moves: DI is {predictive:.3g}.")
    if logit < 1e-12:
        return Answer("the logits do not move either: LI is 0.")
    return Answer()


def check_flow(attempt: Callable[[Tensor, Tensor, float], Tensor]) -> Answer:
    """Whether `attempt(W, e, t)` is the gradient flow dW/dt = −W e eᵀ from W, at time t."""
    generator = _generator()
    W = torch.randn(3, 5, generator=generator, dtype=torch.float64)
    e = torch.randn(5, generator=generator, dtype=torch.float64)
    for t in (0.0, 0.1, 1.0):
        found, wrong = attempted(attempt, W, e, t)
        if wrong is not None:
            return wrong
        if not isinstance(found, Tensor) or found.shape != W.shape:
            return Answer(f"the result should be a matrix of shape {tuple(W.shape)}, like W.")
        expected = W @ torch.linalg.matrix_exp(-t * torch.outer(e, e))
        if not torch.allclose(found, expected, atol=1e-9):
            size, due = (float((one @ e).norm()) for one in (found, expected))
            return Answer(f"at t = {t:g} the length of W e is {size:.4f}; it should be {due:.4f}.")
    return Answer()


def _everywhere(attempt: Callable, weights: Tensor, x: Tensor, group: Group) -> list:
    made = attempt(lambda z: z @ weights.mT, group)
    return [made(group.act(x, k)) for k in range(group.order)]


def _images(n: int) -> Tensor:
    return torch.rand(n, SIDE**2, generator=_generator(), dtype=torch.float64)


def _generator() -> torch.Generator:
    return torch.Generator().manual_seed(0)
