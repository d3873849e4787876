"""The check behind the exercise of genuine/orbit_maps."""

from collections.abc import Callable

import torch
from torch import Tensor

from invlib.exercises.verdict import Answer, attempted
from invlib.groups import Group, rotations, translations

SIDE = 6


def check_aligned(attempt: Callable[[Tensor, int, Group], Tensor]) -> Answer:
    """Whether `attempt(saliency, k, group)` turns the map of the pose k back."""
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(2, SIDE * SIDE, generator=generator)
    for group in (rotations(SIDE), translations(SIDE)):
        for k in range(1, group.order):
            moved = group.act(x, k)  # the map of an equivariant network
            found, wrong = attempted(attempt, moved, k, group)
            if wrong is not None:
                return wrong
            if not isinstance(found, Tensor) or found.shape != x.shape:
                return Answer(f"replace the dots: the result should be maps {tuple(x.shape)}.")
            if torch.equal(found, x):
                continue
            if torch.equal(found, moved):
                return Answer("the maps are still in the pose of gx.")
            if torch.equal(found, group.act(moved, k)):
                return Answer(f"for k = {k} of the {group.name}, you moved them on, not back.")
            return Answer(f"for k = {k} of the {group.name}, the maps are not those of x.")
    return Answer()
