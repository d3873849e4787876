"""Closing a set of transformations into a group, and the group inside a set that is none.

What a model is exactly invariant to is closed: if f(g x) = f(x) and f(h x) = f(x) for all x, then
f(g h x) = f(x). What it merely tolerates is not: a shift by one pixel may change little, and its
powers are all shifts. So of a set of transformations that change little, the subgroup inside it is
what can be an invariance.
"""

from collections.abc import Sequence
from typing import Protocol

import torch
from torch import Tensor

from invlib.errors import UsageError


class Ambient(Protocol):
    """Where elements multiply: a `Group`, or all symmetries of a square. 0 is the identity."""

    order: int

    def compose(self, j: Tensor, k: Tensor) -> Tensor:
        """The elements that act as k first and j after it."""


def generated(ambient: Ambient, elements: Sequence[int] | Tensor) -> list[int]:
    """The smallest group that holds these elements, sorted: all their products.

    Each element that is not yet reached at least doubles the group, so few of them are generators.
    """
    everywhere = torch.ones(ambient.order, dtype=torch.bool)
    held = _closure(ambient, torch.zeros(0, dtype=torch.long), everywhere)
    generators: list[int] = []
    for element in _whole(ambient, elements).tolist():
        if not held[element]:
            generators.append(element)
            held = _closure(ambient, torch.tensor(generators), everywhere)
    return held.nonzero().squeeze(1).tolist()


def is_group(ambient: Ambient, elements: Sequence[int] | Tensor) -> bool:
    """Whether these elements are a group already: closed, with the identity."""
    return sorted(set(_whole(ambient, elements).tolist())) == generated(ambient, elements)


def subgroup_within(ambient: Ambient, ranked: Sequence[int] | Tensor) -> list[int]:
    """A group all of whose elements are among the given ones, which come surest first.

    It grows from the identity: an element joins if the group that it and the others then generate
    stays inside. Elements that leave the set with a power of their own never join. With the
    identity missing from `ranked` it is taken to be there, since every f has f(e x) = f(x).
    """
    ranked = _whole(ambient, ranked)
    inside = torch.zeros(ambient.order, dtype=torch.bool)
    inside[ranked] = True
    inside[0] = True
    held = torch.zeros(ambient.order, dtype=torch.bool)
    held[0] = True
    generators: list[int] = []
    for element in ranked.tolist():
        if held[element] or _closure(ambient, torch.tensor([element]), inside) is None:
            continue
        grown = _closure(ambient, torch.tensor([*generators, element]), inside)
        if grown is not None:
            held, generators = grown, [*generators, element]
    return held.nonzero().squeeze(1).tolist()


def _closure(ambient: Ambient, generators: Tensor, inside: Tensor) -> Tensor | None:
    """Which elements the generators reach, or None as soon as one of them is not `inside`.

    In a finite group the products of generators are enough: inverses are powers.
    """
    reached = torch.zeros(ambient.order, dtype=torch.bool)
    reached[0] = True
    frontier = torch.zeros(1, dtype=torch.long)
    while len(frontier) and len(generators):
        products = ambient.compose(generators[:, None], frontier[None, :]).unique()
        if not inside[products].all():
            return None
        frontier = products[~reached[products]]
        reached[frontier] = True
    return reached


def _whole(ambient: Ambient, elements: Sequence[int] | Tensor) -> Tensor:
    found = torch.as_tensor(elements)
    if found.numel() == 0:
        return torch.zeros(0, dtype=torch.long)
    if found.ndim != 1 or found.is_floating_point() or found.dtype == torch.bool:
        raise UsageError(f"elements must be a list of whole numbers; they are {elements!r}.")
    if int(found.min()) < 0 or int(found.max()) >= ambient.order:
        raise UsageError(f"elements must be between 0 and {ambient.order - 1}.")
    return found.long()
