"""The average of a comparison between x and g x, over images x and group elements g ≠ e.

The papers write sums over x and g; the sizes in their tables are those of averages. The identity
is left out: it would only dilute every measure by the same factor.
"""

import operator
from collections.abc import Callable, Iterator

from torch import Tensor

from invlib.errors import InvlibError, UsageError
from invlib.groups import Group
from invlib.saliency.gradients import check_images

Describe = Callable[[Tensor, slice], Tensor]  # images and which of x they are -> their features
Compare = Callable[[Tensor, Tensor, int], Tensor]  # features of x, of g x, and g -> [n], float64


def mean_over_group(
    name: str, describe: Describe, compare: Compare, x: Tensor, group: Group, batch: int
) -> float:
    """The mean of compare(describe(x), describe(g x), g); the memory it takes depends on batch."""
    check_images(x)
    if group.order == 1:
        raise UsageError(f"{group.name} has only the identity; {name} averages over the others.")
    total = 0.0
    for rows in slices(len(x), batch):
        images = x[rows]
        features = describe(images, rows)
        for k in range(1, group.order):
            moved = describe(group.act(images, k), rows)
            total = total + compare(features, moved, k).sum()
    return finite(name, float(total) / (len(x) * (group.order - 1)))


def slices(n: int, batch: int) -> Iterator[slice]:
    """Consecutive slices of at most `batch` of n images."""
    try:
        size = operator.index(batch)
    except TypeError:
        size = 0
    if size < 1:
        raise UsageError(f"batch is {batch!r}; it must be a whole number of at least 1.")
    for start in range(0, n, size):
        yield slice(start, min(start + size, n))


def finite(name: str, value: float) -> float:
    """The value, or an error by name: a NaN never becomes an entry of a table."""
    if not abs(value) < float("inf"):
        raise InvlibError(
            f"{name} is {value}: the model's outputs are not finite on these images. "
            "Look for a diverged training run, or NaN pixels."
        )
    return value
