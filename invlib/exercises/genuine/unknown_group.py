"""The checks behind the exercises of genuine/unknown_group."""

from collections.abc import Callable, Iterable

import torch
from torch import Tensor

from invlib.exercises.verdict import Answer, attempted
from invlib.groups import Group
from invlib.groups.square_symmetries import SquareSymmetries
from invlib.groups.subgroups import generated
from invlib.metrics.invariance_scores import invariance_scores

SIDE, CLASSES, IMAGES = 4, 3, 12


def square_group(side: int = 3) -> Group:
    """All turns, flips and cyclic shifts of a small square image, as one group."""
    symmetries = SquareSymmetries(side)
    return symmetries.as_group(
        symmetries.everything().tolist(), f"symmetries of a {side}x{side} square"
    )


def check_close(attempt: Callable[[Group, Iterable[int]], Iterable[int]], group: Group) -> Answer:
    """Whether `attempt(group, elements)` is the set of all products of the elements."""
    pair = group.generators[:2]
    for elements in ([], [group.generators[0]], [group.generators[-1]], list(pair)):
        found, wrong = attempted(attempt, group, elements)
        if wrong is not None:
            return wrong
        try:
            found = {int(k) for k in found}
        except (TypeError, ValueError):
            return Answer("the result should be a set of element numbers.")
        wanted = set(generated(group, elements))
        if 0 not in found:
            return Answer("the identity, element 0, belongs to every group.")
        if not found <= wanted:
            return Answer(f"from {elements} you reach elements that are no product of them.")
        if found < wanted:
            return Answer(
                f"from {elements} you find {len(found)} elements; some product of theirs is not "
                "among them yet."
            )
    return Answer()


def check_score(attempt: Callable[[Callable[[Tensor], Tensor], Tensor, Tensor], Tensor]) -> Answer:
    """Whether `attempt(f, x, gx)` is LI of one transformation over the spread of the logits."""
    generator = torch.Generator().manual_seed(0)
    W = torch.randn(CLASSES, SIDE**2, generator=generator)
    x = torch.rand(IMAGES, SIDE**2, generator=generator)
    symmetries = SquareSymmetries(SIDE)
    element = torch.tensor([symmetries.element(1, right=1)])
    gx = symmetries.act(x, element)[0]
    for scale in (1.0, 10.0):

        def f(images: Tensor, scale: float = scale) -> Tensor:
            return scale * images @ W.T

        found, wrong = attempted(lambda model=f: float(attempt(model, x, gx)))
        if wrong is not None:
            return wrong
        ratio = found / float(invariance_scores(f, x, symmetries.act, element).score)
        if scale > 1 and abs(ratio - 1) > 1e-4:
            return Answer("logits ten times as large should have the same score.")
        if abs(ratio - IMAGES / (IMAGES - 1)) < 1e-4:
            return Answer("almost: pairs of different images only, so divide by n − 1, not by n.")
        if abs(ratio - 0.5) < 1e-4 or abs(ratio - 2) < 1e-4:
            return Answer("a factor of two is off: both LI and the spread have a ½.")
        if abs(ratio - 1) > 1e-4:
            return Answer("this is not the error over the spread.")
    return Answer()
