"""Inputs that do not span all directions: dead pixels, few samples, repeated images."""

import numpy as np
import pytest
import torch

from invlib.closed_form import (
    augmented_optimum,
    augmented_singular_values,
    constrained_optimum,
    constrained_singular_values,
    effective_rank,
    regularized_optimum,
)
from invlib.errors import UsageError
from invlib.groups import rotations


def normal(seed: int, *shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def dead_pixels() -> torch.Tensor:
    X = normal(0, 60, 16)
    X[:, [0, 3, 12, 15]] = 0  # a whole orbit: the corners
    X[:, 1] = 0  # one pixel of another orbit
    return X


CASES = {
    "dead pixels": dead_pixels(),
    "few samples": normal(1, 7, 16),
    "low rank": normal(2, 60, 5) @ normal(3, 5, 16),
    "one sample": normal(4, 1, 16),
    "repeated": normal(5, 1, 16).expand(20, 16),
}
RANKS = {"dead pixels": 11, "few samples": 7, "low rank": 5, "one sample": 1, "repeated": 1}


@pytest.mark.parametrize("case", CASES)
def test_augmentation_still_finds_the_constrained_optimum(case):
    X = CASES[case]
    Y = normal(9, len(X), 5)
    constrained = constrained_optimum(X, Y, rotations(4), 2)
    augmented = augmented_optimum(X, Y, rotations(4), 2)
    assert (constrained - augmented).norm() < 1e-10 * constrained.norm()
    torch.testing.assert_close(
        augmented_singular_values(X, Y, rotations(4)),
        2 * constrained_singular_values(X, Y, rotations(4)),
        rtol=1e-10,
        atol=1e-12,
    )


@pytest.mark.parametrize("case", CASES)
def test_the_minimizer_of_least_norm(case):
    """Without penalty: numpy's pseudo-inverse, and nothing in directions without data."""
    X = CASES[case]
    Y = normal(9, len(X), 5)
    W = regularized_optimum(X, Y, rotations(4), 2, 0)
    pseudo_inverse = np.linalg.pinv(X.numpy(), rcond=1e-10)
    full = torch.tensor(pseudo_inverse @ Y.numpy())
    U = torch.linalg.svd(X @ full, full_matrices=False).Vh[:2].mT
    assert (W - U @ U.mT @ full.mT).norm() < 1e-10 * W.norm()


def test_dead_pixels_get_no_weight():
    X, Y = CASES["dead pixels"], normal(9, 60, 5)
    for W in (
        constrained_optimum(X, Y, rotations(4), 2),
        augmented_optimum(X, Y, rotations(4), 2),
        regularized_optimum(X, Y, rotations(4), 2, 0.1),
    ):
        assert W[:, [0, 3, 12, 15]].abs().max() < 1e-12
    assert not constrained_optimum(X, Y, rotations(4), 2)[:, [0, 3, 12, 15]].any()


@pytest.mark.parametrize("case", CASES)
def test_a_strong_penalty_still_leads_to_the_constrained_optimum(case):
    X = CASES[case]
    Y = normal(9, len(X), 5)
    limit = constrained_optimum(X, Y, rotations(4), 2)
    weak, strong = (
        (regularized_optimum(X, Y, rotations(4), 2, strength) - limit).norm()
        for strength in (1e6, 1e9)
    )
    assert strong < 2e-3 * weak or weak < 1e-12  # one image is fitted exactly, with or without


def test_images_without_content():
    for W in (
        constrained_optimum(torch.zeros(3, 16), normal(0, 3, 5), rotations(4), 2),
        augmented_optimum(torch.zeros(3, 16), normal(0, 3, 5), rotations(4), 2),
        regularized_optimum(torch.zeros(3, 16), normal(0, 3, 5), rotations(4), 2, 1),
        regularized_optimum(torch.zeros(3, 16), normal(0, 3, 5), rotations(4), 2, 0),
    ):
        assert W.equal(torch.zeros(5, 16, dtype=torch.float64))
    values = constrained_singular_values(torch.zeros(3, 16), normal(0, 3, 5), rotations(4))
    assert values.equal(torch.zeros(5, dtype=torch.float64))


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("scale", [1e-6, 1, 255])
def test_effective_rank(case, scale):
    assert effective_rank(scale * CASES[case]) == RANKS[case]


def test_effective_rank_of_nothing():
    assert effective_rank(np.zeros((3, 2))) == 0
    with pytest.raises(UsageError, match="X holds NaN"):
        effective_rank(torch.tensor([[torch.nan]]))
