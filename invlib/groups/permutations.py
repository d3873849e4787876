"""Any finite group of pixel permutations, from the list of its elements."""

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor

from invlib.errors import UsageError
from invlib.groups.group import Group

WHOLE = (torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64)


def from_permutations(
    perms: Iterable[Sequence[int] | Tensor], side: int | None = None, name: str = "permutations"
) -> Group:
    """The group of the given pixel permutations, after a check that they do form a group.

    Element k moves images as x[..., perms[k]]. The identity becomes element 0, the others keep
    their order. Without `side` the pixels need not form a square image.
    """
    sources = _table(perms)
    order, pixels = sources.shape
    if side is not None and side * side != pixels:
        raise UsageError(f"side is {side}; permutations of {pixels} pixels need side² = {pixels}.")
    identity = (sources == torch.arange(pixels)).all(1).nonzero()
    if not len(identity):
        raise UsageError("perms is not a group: the identity is missing.")
    first = int(identity[0])
    sources = sources[[first, *(k for k in range(order) if k != first)]]
    products = _products(sources)
    return Group(
        name=name,
        sources=sources,
        products=products,
        generators=_generators(products),
        side=side,
    )


def _table(perms: Iterable[Sequence[int] | Tensor]) -> Tensor:
    """The permutations as one table [order, pixels], each checked to be a permutation."""
    try:
        rows = [torch.as_tensor(perm) for perm in perms]
    except (TypeError, ValueError, RuntimeError) as error:
        raise UsageError(f"perms must be a list of pixel permutations: {error}.") from None
    if not rows:
        raise UsageError("perms is empty; a group has at least the identity.")
    for k, row in enumerate(rows):
        if row.ndim != 1 or len(row) == 0 or row.dtype not in WHOLE:
            raise UsageError(f"perms[{k}] is not a list of pixel numbers.")
        if len(row) != len(rows[0]):
            raise UsageError(f"perms[{k}] has {len(row)} pixels; perms[0] has {len(rows[0])}.")
        if not row.sort().values.equal(torch.arange(len(row), dtype=row.dtype, device=row.device)):
            raise UsageError(f"perms[{k}] is not a permutation of 0 to {len(row) - 1}.")
    return torch.stack([row.cpu().long() for row in rows])


def _products(sources: Tensor) -> Tensor:
    """The table of products; closed and without repetition is all that a finite group needs."""
    index = {_key(source): k for k, source in enumerate(sources)}
    if len(index) < len(sources):
        raise UsageError("perms is not a group of distinct elements: a permutation comes twice.")
    table = []
    for j, after in enumerate(sources):
        # act(act(x, k), j) = x[source_k][source_j] = x[source_k[source_j]]
        row = [index.get(_key(first[after])) for first in sources]
        if None in row:
            raise UsageError(
                f"perms is not a group: {sources[row.index(None)].tolist()} followed by "
                f"{sources[j].tolist()} is not among them."
                if sources.shape[1] <= 16
                else "perms is not a group: the product of two of its elements is not among them."
            )
        table.append(row)
    return torch.tensor(table)


def _key(source: Tensor) -> bytes:
    return source.numpy().tobytes()


def _generators(products: Tensor) -> tuple[int, ...]:
    """Elements that generate the group: a single one for a cyclic group, else a greedy choice."""
    order = len(products)
    for element in range(order):
        if len(_generated(products, (element,))) == order:
            return (element,) if order > 1 else ()
    chosen: tuple[int, ...] = ()
    while len(reached := _generated(products, chosen)) < order:
        chosen += (next(k for k in range(order) if k not in reached),)
    return chosen


def _generated(products: Tensor, generators: Sequence[int]) -> set[int]:
    reached, frontier = {0}, {0}
    while frontier:
        frontier = {int(products[g, k]) for g in generators for k in frontier} - reached
        reached |= frontier
    return reached
