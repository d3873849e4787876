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


def check_factor(attempt: Callable[[Group, int], Tensor], group: Group) -> Answer:
    """Whether I − ρ(g)ᵏ = (I − ρ(g)) S for every k, where S is `attempt(group, k)`."""
    turns = group.matrices()
    for k in range(1, group.order):
        try:
            S = attempt(group, k)
        except (TypeError, IndexError, RuntimeError) as error:
            return Answer(f"for k = {k} it fails: {error}.")
        if not isinstance(S, Tensor) or S.shape != turns[0].shape:
            return Answer(f"replace the dots: S should be a matrix {tuple(turns[0].shape)}.")
        if not torch.allclose(group.constraint() @ S.to(turns), turns[0] - turns[k], atol=1e-9):
            return Answer(f"for k = {k}, (I − ρ(g)) S is not I − ρ(g)^{k}.")
    return Answer()
