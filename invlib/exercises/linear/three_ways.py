"""The checks behind the exercises of linear/three_ways."""

from collections.abc import Callable

import torch
from torch import Tensor

from invlib.exercises.verdict import Answer, attempted
from invlib.groups import Group
from invlib.metrics import noninvariant_part

CLASSES = 9


def check_noninvariant_part(attempt: Callable[[Tensor, Group], Tensor], group: Group) -> Answer:
    """Whether `attempt(W, group)` is W minus its average over the group."""
    generator = torch.Generator().manual_seed(0)
    W = torch.rand(CLASSES, group.pixels, generator=generator, dtype=group.matrices().dtype)
    found, wrong = attempted(attempt, W, group)
    if wrong is not None:
        return wrong
    if not isinstance(found, Tensor) or found.shape != W.shape:
        return Answer(f"the result should be a tensor of shape {tuple(W.shape)}, like W.")
    turned = group.act(W - found, 1)
    if not torch.allclose(turned, W - found, atol=1e-5):
        return Answer("what is left, W minus your result, still changes under a quarter turn.")
    if not torch.allclose(found, noninvariant_part(W, group), atol=1e-5):
        return Answer("what is left is invariant, but you removed more than the rest.")
    return Answer()
