"""The checks behind the exercises of linear/regularization_path."""

import math
from collections.abc import Callable

import torch

from invlib.closed_form import regularized_optimum
from invlib.exercises.verdict import Answer
from invlib.groups import Group, rotations

STRENGTHS = (0.01, 1.0, 100.0)
CROSSING = 1 / 48
SLIPS = {
    1 / 12: "the penalty is n λ ‖WG‖² next to the plain sum of squares, and n is 4.",
    1 / 24: "on a difference of swapped pixels G is 2, so G Gᵀ is 4.",
    1 / 6: "the penalty comes with n = 4, and on a difference of swapped pixels G Gᵀ is 4.",
}


def check_error_ratio(attempt: Callable[..., float]) -> Answer:
    """Whether `attempt(X, Y, group, rank, strength)` compares ‖WG‖ at λ and at 10 λ."""
    X, Y, group, rank = _problem()
    for strength in STRENGTHS:
        try:
            found = float(attempt(X, Y, group, rank, strength))
        except (TypeError, ValueError, RuntimeError) as error:
            return Answer(f"replace the dots by one number ({error}).")
        weak, strong = (_error(X, Y, group, rank, s) for s in (strength, 10 * strength))
        expected = weak / strong
        if math.isclose(found, expected, rel_tol=1e-6):
            continue
        if math.isclose(found, 1 / expected, rel_tol=1e-6):
            return Answer("the weaker penalty leaves the larger error; it goes on top.")
        if math.isclose(found, expected**2, rel_tol=1e-6):
            return Answer("that is the ratio of the squares; take the norms.")
        return Answer(f"at strength {strength:g} the ratio is not {found:.4g}.")
    return Answer()


def check_crossing(attempt: float) -> Answer:
    """Whether this is the strength at which the two singular values of the example meet."""
    if isinstance(attempt, bool) or not isinstance(attempt, (int, float)):
        return Answer("replace the dots by a number.")
    if math.isclose(attempt, CROSSING, rel_tol=1e-6):
        return Answer()
    for slip, words in SLIPS.items():
        if math.isclose(attempt, slip, rel_tol=1e-6):
            return Answer(words)
    squares = 8.0, 2 + 8 / (1 + 16 * attempt) if attempt != -1 / 16 else math.inf
    return Answer(f"there the squared singular values are {squares[0]:g} and {squares[1]:.4g}.")


def _problem() -> tuple[torch.Tensor, torch.Tensor, Group, int]:
    generator = torch.Generator().manual_seed(0)
    X = torch.randn(40, 16, generator=generator, dtype=torch.float64)
    Y = torch.randn(40, 3, generator=generator, dtype=torch.float64)
    return X, Y, rotations(4), 2


def _error(X: torch.Tensor, Y: torch.Tensor, group: Group, rank: int, strength: float) -> float:
    W = regularized_optimum(X, Y, group, rank, strength)
    return float(torch.linalg.matrix_norm(W @ group.constraint()))
