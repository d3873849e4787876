"""The regularized optimum over eighteen decades of strength, against fifty-digit arithmetic."""

import mpmath
import numpy as np
import pytest
import torch

from invlib.closed_form import constrained_optimum, regularized_optimum
from invlib.groups import Group, rotations

RANK = 2
STRENGTHS = [0.0, 1e-8, 1e-6, 1e-4, 1e-2, 1.0, 1e2, 1e4, 1e6, 1e8, 1e10]


def problem(decades: float) -> tuple[torch.Tensor, torch.Tensor, Group]:
    """Inputs whose directions spread over the given number of decades, on 3x3 images."""
    rng = np.random.default_rng(5)
    turn, _ = np.linalg.qr(rng.normal(size=(9, 9)))
    X = rng.normal(size=(15, 9)) * np.logspace(0, -decades, 9) @ turn
    Y = X @ rng.normal(size=(9, 4)) * 10 ** (decades / 2) + rng.normal(size=(15, 4))
    return torch.tensor(X), torch.tensor(Y), rotations(3)


def exact(X: torch.Tensor, Y: torch.Tensor, group: Group, strength: float) -> np.ndarray:
    """U_r U_rᵀ W with W the solution of W M = Yᵀ X, M = XᵀX + n λ G Gᵀ, all in fifty digits."""
    with mpmath.workdps(50):
        x, y = mpmath.matrix(X.tolist()), mpmath.matrix(Y.tolist())
        G = mpmath.matrix(group.constraint().tolist())
        M = x.T * x + len(X) * mpmath.mpf(strength) * G * G.T
        full = (mpmath.inverse(M) * x.T * y).T
        _, U = mpmath.eigsy(full * M * full.T)  # ascending
        leading = U[:, full.rows - RANK :]
        return np.array((leading * (leading.T * full)).tolist(), dtype=float)


def by_inverse_square_roots(
    X: torch.Tensor, Y: torch.Tensor, group: Group, strength: float
) -> np.ndarray:
    """Proposition 8 as it is written, with P and B(λ) from eigenvalues, in double precision."""
    X, Y, G = X.numpy().T, Y.numpy().T, group.constraint().numpy()

    def inverse_root(square: np.ndarray) -> np.ndarray:
        values, vectors = np.linalg.eigh(square)
        return vectors / np.sqrt(values.clip(1e-16 * values.max())) @ vectors.T

    inverse_P = inverse_root(X @ X.T)
    tilted = inverse_P @ G
    inverse_B = inverse_root(np.eye(len(X)) + X.shape[1] * strength * tilted @ tilted.T)
    U, s, Vt = np.linalg.svd(Y @ X.T @ inverse_P @ inverse_B)
    return U[:, :RANK] * s[:RANK] @ Vt[:RANK] @ inverse_B @ inverse_P


def error(found, wanted) -> float:
    return float(np.linalg.norm(np.asarray(found) - wanted) / np.linalg.norm(wanted))


@pytest.mark.parametrize("strength", STRENGTHS)
@pytest.mark.parametrize(("decades", "digits"), [(0, 13), (3, 12), (5, 10)])
def test_every_strength(strength, decades, digits):
    X, Y, group = problem(decades)
    found = regularized_optimum(X, Y, group, RANK, strength)
    assert error(found, exact(X, Y, group, strength)) < 10.0**-digits


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
    assert error(found, exact(X, Y, group, strength)) < 100 * np.finfo(float).eps * condition


def test_inverse_square_roots_lose_all_digits():
    """Why the optimum is not computed as the paper writes it."""
    X, Y, group = problem(decades=5)
    wanted = exact(X, Y, group, 1e6)
    assert error(by_inverse_square_roots(X, Y, group, 1e6), wanted) > 0.1
    assert error(regularized_optimum(X, Y, group, RANK, 1e6), wanted) < 1e-10
    # The written form is right in itself: where nothing is ill-conditioned it agrees.
    X, Y, group = problem(decades=0)
    assert error(by_inverse_square_roots(X, Y, group, 0.1), exact(X, Y, group, 0.1)) < 1e-12


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
