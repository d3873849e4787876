"""The cyclic groups of the three papers, acting on a flattened side x side image."""

import operator
from collections.abc import Callable

import torch
from torch import Tensor

from invlib.errors import UsageError, unknown
from invlib.groups.group import Group


def rotations(side: int, order: int = 4) -> Group:
    """Exact counter-clockwise rotations: quarter turns (order 4, the R²₄ of genuine) or half turns.

    Element k of order 4 acts as np.rot90(image, k).
    """
    side, order = _whole("side", side), _whole("order", order)
    if order not in (2, 4):
        raise UsageError(
            f"order is {order}; rotations that map pixels to pixels have order 2 or 4."
        )
    return _cyclic(
        f"rotations of order {order}", side, order, lambda image: image.rot90(4 // order)
    )


def translations(side: int, order: int = 3, axis: str = "x") -> Group:
    """Cyclic shifts by side/order pixels along x or y (order 3 along x: the T²₃ of genuine).

    Element k acts as np.roll(image, k * side // order): to the right for x, downwards for y.
    """
    side, order = _whole("side", side), _whole("order", order)
    dimension = {"y": 0, "x": 1}.get(axis) if isinstance(axis, str) else None
    if dimension is None:
        raise unknown("axis", str(axis), ("x", "y"), "of translations")
    if side % order:
        raise UsageError(
            f"order is {order}; it must divide {side}, the side of the image, "
            "for a shift by whole pixels."
        )
    return _cyclic(
        f"translations of order {order} along {axis}",
        side,
        order,
        lambda image: image.roll(side // order, dimension),
    )


def flips(side: int) -> Group:
    """The image and its left-right mirror image: element 1 acts as np.fliplr(image)."""
    return _cyclic("flips", _whole("side", side), 2, lambda image: image.fliplr())


def _cyclic(name: str, side: int, order: int, generator: Callable[[Tensor], Tensor]) -> Group:
    """The group of the powers of one pixel permutation, given by what it does to an image.

    The table of products comes from the powers, not from the permutations, because on an image
    of one pixel all of them coincide.
    """
    image = torch.arange(side * side).view(side, side)
    powers = []
    for _ in range(order):
        powers.append(image.flatten())
        image = generator(image)
    elements = torch.arange(order)
    return Group(
        name=f"{name} of {side}x{side} images",
        sources=torch.stack(powers),
        products=(elements[:, None] + elements) % order,
        generators=(1,) if order > 1 else (),
        side=side,
    )


def _whole(name: str, value: int) -> int:
    try:
        number = None if isinstance(value, bool) else operator.index(value)
    except TypeError:
        number = None
    if number is None or number < 1:
        raise UsageError(f"{name} is {value!r}; it must be a whole number of at least 1.")
    return number
