"""The regularized optimum over eighteen decades of strength, against fifty-digit arithmetic."""

import numpy as np
import pytest
import torch

from invlib.closed_form import constrained_optimum, regularized_optimum
from invlib.groups import Group, rotations
from invlib.studies.linear.precision import (
    RANK,
    by_inverse_square_roots,
    exact,
    relative_error,
)

STRENGTHS = [0.0, 1e-8, 1e-6, 1e-4, 1e-2, 1.0, 1e2, 1e4, 1e6, 1e8, 1e10]


def problem(decades: float) -> tuple[torch.Tensor, torch.Tensor, Group]:
    """Inputs whose directions spread over the given number of decades, on 3x3 images."""
    rng = np.random.default_rng(5)
    turn, _ = np.linalg.qr(rng.normal(size=(9, 9)))
    X = rng.normal(size=(15, 9)) * np.logspace(0, -decades, 9) @ turn
    Y = X @ rng.normal(size=(9, 4)) * 10 ** (decades / 2) + rng.normal(size=(15, 4))
    return torch.tensor(X), torch.tensor(Y), rotations(3)


@pytest.mark.parametrize("strength", STRENGTHS)
@pytest.mark.parametrize(("decades", "digits"), [(0, 13), (3, 12), (5, 10)])
def test_every_strength(strength, decades, digits):
    X, Y, group = problem(decades)
    found = regularized_optimum(X, Y, group, RANK, strength)
    assert relative_error(found, exact(X, Y, group, strength)) < 10.0**-digits


@pytest.mark.parametrize("strength", [strength for strength in STRENGTHS if strength])
def test_every_strength_with_a_dead_pixel(strength):
    """The penalty alone decides the weights of a dead pixel, even when it is tiny.

    A tiny penalty makes a badly conditioned problem, and no solver in double precision beats its
    condition number, about ‖X‖ / √(n λ). (A fixed bound would hold on one processor, not the next.)
    """
    X, Y, group = problem(decades=0)
    X[:, 0] = 0
    found = regularized_optimum(X, Y, group, RANK, strength)
    condition = 1 + float(torch.linalg.matrix_norm(X, 2)) / np.sqrt(len(X) * strength)
    bound = 100 * np.finfo(float).eps * condition
    assert relative_error(found, exact(X, Y, group, strength)) < bound


def test_inverse_square_roots_lose_all_digits():
    """Why the optimum is not computed as the paper writes it."""
    X, Y, group = problem(decades=5)
    wanted = exact(X, Y, group, 1e6)
    assert relative_error(by_inverse_square_roots(X, Y, group, 1e6), wanted) > 0.1
    assert relative_error(regularized_optimum(X, Y, group, RANK, 1e6), wanted) < 1e-10
    # The written form is right in itself: where nothing is ill-conditioned it agrees.
    X, Y, group = problem(decades=0)
    assert (
        relative_error(by_inverse_square_roots(X, Y, group, 0.1), exact(X, Y, group, 0.1)) < 1e-12
    )


def test_the_constrained_optimum_is_the_limit():
    """Theorem 9: W_reg(λ) tends to W_inv; the distance falls as 1/λ."""
    X, Y, group = problem(decades=1)
    limit = constrained_optimum(X, Y, group, RANK)
    distances = [
        strength * (regularized_optimum(X, Y, group, RANK, strength) - limit).norm()
        for strength in (1e4, 1e6, 1e8, 1e10)
    ]
    assert distances[0] > 0
    torch.testing.assert_close(torch.stack(distances), distances[0].expand(4), rtol=1e-2, atol=0)
