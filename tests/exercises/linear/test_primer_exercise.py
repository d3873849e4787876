"""The primer's checks accept the right answers and say what is wrong with the others."""

import pytest
import torch

from invlib.exercises.linear.primer import (
    check_best_approximation,
    check_constraint,
    check_two_matrices,
)
from invlib.groups import rotations

TURNS = rotations(4)


def truncated(A, r):
    U, singular, V = torch.linalg.svd(A, full_matrices=False)
    return U[:, :r] @ singular[:r].diag() @ V[:r]


def test_right_answers():
    assert check_constraint(lambda rho: torch.eye(len(rho)).double() - rho, TURNS)
    assert check_constraint(lambda rho: 2 * rho - 2 * torch.eye(len(rho)).double(), TURNS)
    assert check_best_approximation(truncated)
    assert check_two_matrices(lambda: ([[1, 0], [0, 0]], [[0, 0], [0, 1]]))


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda rho: ..., "should be a matrix"),
        (lambda rho: ... @ rho, "replace the dots"),
        (lambda rho: rho, "not zero for a W that no turn changes"),
        (torch.zeros_like, "zero for some W that a turn does change"),
        (lambda rho: torch.eye(len(rho)).double() - rho @ rho, "some W that a turn does change"),
    ],
)
def test_a_wrong_constraint(attempt, words):
    answer = check_constraint(attempt, TURNS)
    assert not answer
    assert words in repr(answer)


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda A, r: ... @ A, "replace the dots"),
        (lambda A, r: A[:2], "matrix of shape"),
        (lambda A, r: A, "rank above 1"),
        (lambda A, r: 0.9 * truncated(A, r), "the dropped singular values allow"),
    ],
)
def test_a_wrong_approximation(attempt, words):
    answer = check_best_approximation(attempt)
    assert not answer
    assert words in repr(answer)


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        (([[1, 0], [0, 0]], ...), "replace the dots"),
        (([[1, 0], [0, 0]],), "two matrices"),
        (([[1, 0], [0, 1]], [[1, 0], [0, 0]]), "matrix 1 has rank 2"),
        (([[1, 0], [0, 0]], [[2, 0], [0, 0]]), "midpoint still"),
    ],
)
def test_wrong_matrices(pair, words):
    answer = check_two_matrices(lambda: pair)
    assert not answer
    assert words in repr(answer)
