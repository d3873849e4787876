"""A search for critical points of any kind, minima and saddles alike, by Newton's step with signs.

Descent finds minima. Here every start has an index k, and a step climbs along the k directions of
lowest curvature and descends along the others: its rest points are the critical points with k
descending directions. In the eigenvectors of the Hessian, with curvatures h and gradient g,

    step = ± g / |h|, no longer than a part of the weights' own length.

A start that has not come to rest half-way goes on with plain Newton steps −g / h, to whatever
critical point is near.
"""

from collections.abc import Callable
from typing import Protocol, Self

import torch
from torch import Tensor

REACH = 0.3  # the longest step, as a part of the length of the weights
CAUTION = 1.0  # curvatures count as at least this times |g|: no leap along a flat direction
FLAT = 1e-9  # and as at least this


class Differentiable(Protocol):
    """Functions of weights θ [seeds, starts, weights], one for each seed."""

    def value_and_gradient(self, theta: Tensor) -> tuple[Tensor, Tensor]: ...
    def hessian(self, theta: Tensor) -> Tensor: ...
    def of_seeds(self, seeds: Tensor) -> Self: ...


def find_critical_points(
    objective: Differentiable,
    theta: Tensor,
    index: Tensor,
    *,
    tolerance: float,
    steps: int,
    progress: Callable[[float], None] = lambda fraction: None,
) -> tuple[Tensor, Tensor]:
    """From every start θ [seeds, starts, weights] of index k [starts] to a critical point.

    Returns θ and |g| there. A start leaves the batch when |g| is below the tolerance; one that has
    not come there within `steps` is returned as it is, and its |g| says so.
    """
    seeds, starts, weights = theta.shape
    found = theta.reshape(-1, 1, weights).clone()
    owner = torch.arange(seeds).repeat_interleave(starts)
    climbing = index.repeat(seeds)
    _, gradient = objective.of_seeds(owner).value_and_gradient(found)
    norms = gradient.norm(dim=-1).flatten()
    for step in range(steps):
        active = torch.nonzero(norms > tolerance).flatten()
        if not len(active):
            break
        here = objective.of_seeds(owner[active])
        k = climbing[active] if step < steps // 2 else None
        found[active] = moved = _step(
            found[active], gradient[active], here.hessian(found[active]), k
        )
        _, gradient[active] = here.value_and_gradient(moved)
        norms[active] = gradient[active].norm(dim=-1).flatten()
        progress((step + 1) / steps)
    return found.view(seeds, starts, weights), norms.view(seeds, starts)


def _step(theta: Tensor, gradient: Tensor, hessian: Tensor, k: Tensor | None) -> Tensor:
    """One step of every network [networks, 1, weights]; without k, a plain Newton step."""
    curvature, directions = torch.linalg.eigh(hessian)  # ascending
    slope = (gradient.unsqueeze(-2) @ directions).squeeze(-2)
    size = curvature.abs() + FLAT + CAUTION * gradient.norm(dim=-1, keepdim=True)
    lowest = torch.arange(theta.shape[-1])
    climbs = curvature < 0 if k is None else lowest < k[:, None, None]
    step = torch.where(climbs, slope, -slope) / size
    longest = REACH * theta.norm(dim=-1, keepdim=True)
    step = step * (longest / step.norm(dim=-1, keepdim=True)).clamp(max=1)
    return theta + (directions @ step.unsqueeze(-1)).squeeze(-1)
