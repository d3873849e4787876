"""The check behind the exercise of linear/rank."""

from collections.abc import Callable

import torch
from torch import Tensor

from invlib.closed_form import constrained_optimum, constrained_singular_values
from invlib.exercises.verdict import Answer, attempted
from invlib.groups import Group, flips, rotations

CASES = ((rotations(4), 3), (rotations(4), 7), (flips(2), 1), (rotations(2), 4))


def small_problem(group: Group, classes: int) -> tuple[Tensor, Tensor]:
    """Random inputs [40, pixels] and targets [40, classes] in general position."""
    generator = torch.Generator().manual_seed(group.pixels * classes)
    X = torch.randn(40, group.pixels, generator=generator, dtype=torch.float64)
    return X, torch.randn(40, classes, generator=generator, dtype=torch.float64)


def check_first_free_rank(attempt: Callable[[Group, int], int]) -> Answer:
    """Whether `attempt(group, classes)` is the rank from which the bound on invariant maps is free.

    The answer is counted from the singular values of Z_inv, and both optima are compared.
    """
    for group, classes in CASES:
        found, wrong = attempted(attempt, group, classes)
        if wrong is not None:
            return wrong
        if found is Ellipsis:
            return Answer("replace the dots.")
        if isinstance(found, bool) or not isinstance(found, int):
            return Answer(f"the result should be an int, not {type(found).__name__}.")
        X, Y = small_problem(group, classes)
        values = constrained_singular_values(X, Y, group)
        wanted = int((values > 1e-9 * values[0]).sum())
        if found == wanted:
            continue
        case = f"{group.pixels} pixels with {group.order} elements and {classes} classes"
        if found < wanted:
            gain = _distance(X, Y, group, max(found, 1), wanted)
            return Answer(f"for {case}, r = {found} binds: r = {wanted} moves W by {gain:.0%}.")
        return Answer(f"for {case}, r = {wanted} is already free, you say {found}.")
    return Answer()


def _distance(X: Tensor, Y: Tensor, group: Group, low: int, high: int) -> float:
    W = constrained_optimum(X, Y, group, high)
    return float((W - constrained_optimum(X, Y, group, low)).norm() / W.norm())
