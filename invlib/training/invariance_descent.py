"""Stochastic descent on the invariance error of a linear map (genuine, Prop. 3.1)."""

from collections.abc import Callable

import torch
from torch import Tensor

from invlib.groups import Group

Optimizer = Callable[[list[Tensor]], torch.optim.Optimizer]


def singular_values_on_the_way(
    W: Tensor,
    x: Tensor,
    group: Group,
    optimizer: Optimizer,
    steps: int,
    generator: torch.Generator,
    batch: int = 1,
) -> tuple[Tensor, Tensor]:
    """W after some steps, and its singular values before each and after the last one.

    A step takes the gradient of ½ ‖W (x − g x)‖² at random images x and random g ≠ e.
    """
    W = W.clone().double()
    rule = optimizer([W])
    images = torch.randint(len(x), (steps, batch), generator=generator)
    elements = torch.randint(1, group.order, (steps, batch), generator=generator)
    seen = [torch.linalg.svdvals(W)]
    for rows, k in zip(images, elements, strict=True):
        drawn = x[rows].double()
        eps = drawn - group.act(drawn, k)
        W.grad = (W @ eps.mT) @ eps / batch
        rule.step()
        seen.append(torch.linalg.svdvals(W))
    return W, torch.stack(seen)


def largest_rise(values: Tensor) -> float:
    """The most that any singular value [steps, values] gains in one step, over the first σ_max."""
    return float(values.diff(dim=0).max() / values[0, 0])
