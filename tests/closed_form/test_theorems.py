"""What paper linear proves about the three optima, over random groups, shapes and strengths."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from invlib.closed_form import (
    augmented_optimum,
    augmented_singular_values,
    constrained_optimum,
    constrained_singular_values,
    regularized_optimum,
    regularized_singular_values,
)
from invlib.groups import Group, flips, from_permutations, rotations, translations


def square_symmetries(side: int) -> Group:
    turns = rotations(side).orbit(torch.arange(side * side))
    return from_permutations([*turns, *flips(side).act(turns, 1)], side)


@st.composite
def problems(draw):
    """X, Y, a group and a rank, with at least as many samples as pixels."""
    group = draw(
        st.one_of(
            st.builds(rotations, st.integers(2, 4), st.sampled_from([2, 4])),
            st.builds(translations, st.sampled_from([3]), axis=st.sampled_from("xy")),
            st.builds(flips, st.integers(1, 4)),
            st.builds(square_symmetries, st.integers(2, 4)),
        )
    )
    classes = draw(st.integers(1, 7))
    samples = group.pixels + draw(st.integers(5, 40))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    X = rng.normal(size=(samples, group.pixels)) * 10 ** draw(st.floats(-3, 3))
    Y = rng.normal(size=(samples, classes))
    rank = draw(st.integers(1, min(classes, group.pixels)))
    return torch.tensor(X), torch.tensor(Y), group, rank


strengths = st.floats(-8, 10).map(lambda exponent: 10**exponent)


def distinct(singular_values: torch.Tensor, rank: int) -> bool:
    """Whether the optimum of this rank is unique, and not only by a hair."""
    s = torch.cat([singular_values, torch.zeros(1, dtype=torch.float64)])
    return bool(s[rank - 1] - s[rank] > 1e-3 * s[0]) or bool(s[rank - 1] < 1e-9 * s[0])


def error(X, Y, W) -> torch.Tensor:
    return (X @ W.mT - Y).square().sum()


@settings(deadline=None)
@given(problems())
def test_augmentation_finds_the_constrained_optimum(problem):
    """Theorem 12, and σ(Z_da) = √|𝒢| σ(Z_inv)."""
    X, Y, group, rank = problem
    constrained = constrained_optimum(X, Y, group, rank)
    augmented = augmented_optimum(X, Y, group, rank)
    inv = constrained_singular_values(X, Y, group)
    da = augmented_singular_values(X, Y, group)
    scale = constrained.norm()
    assert not (constrained @ group.constraint()).any()
    assert (augmented @ group.constraint()).norm() < 1e-10 * scale
    torch.testing.assert_close(da, group.order**0.5 * inv, rtol=0, atol=1e-10 * float(da[0]))
    if distinct(inv, rank):
        assert (augmented - constrained).norm() < 1e-9 * scale


@settings(deadline=None)
@given(problems(), strengths)
def test_the_rank_is_bounded(problem, strength):
    X, Y, group, rank = problem
    for W in (
        constrained_optimum(X, Y, group, rank),
        regularized_optimum(X, Y, group, rank, strength),
        augmented_optimum(X, Y, group, rank),
    ):
        assert W.shape == (Y.shape[1], group.pixels)
        assert W.dtype == torch.float64
        assert torch.linalg.matrix_rank(W, rtol=1e-10) <= rank


@settings(deadline=None)
@given(problems(), strengths)
def test_the_loss_is_what_the_singular_values_leave(problem, strength):
    """The loss at the optimum is ‖Y‖² minus the r largest σ² (Prop. B.9), summed over samples."""
    X, Y, group, rank = problem
    total = Y.square().sum()

    def left(singular_values, copies=1):
        return copies * total - singular_values[:rank].square().sum()

    W = constrained_optimum(X, Y, group, rank)
    torch.testing.assert_close(error(X, Y, W), left(constrained_singular_values(X, Y, group)))

    W = augmented_optimum(X, Y, group, rank)
    everywhere = sum(error(group.act(X, k), Y, W) for k in range(group.order))
    expected = left(augmented_singular_values(X, Y, group), group.order)
    torch.testing.assert_close(everywhere, expected)

    W = regularized_optimum(X, Y, group, rank, strength)
    penalty = len(X) * strength * (W @ group.constraint()).square().sum()
    expected = left(regularized_singular_values(X, Y, group, strength))
    torch.testing.assert_close(error(X, Y, W) + penalty, expected)


@settings(deadline=None)
@given(problems())
def test_no_penalty_is_plain_reduced_rank_regression(problem):
    """Strength 0: numpy's least squares, then the principal directions of what it predicts."""
    X, Y, group, rank = problem
    full = np.linalg.lstsq(X.numpy(), Y.numpy(), rcond=None)[0]
    predicted = X.numpy() @ full
    _, s, directions = np.linalg.svd(predicted, full_matrices=False)
    if distinct(torch.tensor(s), rank):
        expected = torch.tensor((full @ directions[:rank].T @ directions[:rank]).T)
        found = regularized_optimum(X, Y, group, rank, 0)
        assert (found - expected).norm() < 1e-9 * expected.norm()


@settings(deadline=None)
@given(problems(), strengths)
def test_no_small_step_improves(problem, strength):
    """A perturbed factorization of the optimum has no smaller loss."""
    X, Y, group, rank = problem
    W = regularized_optimum(X, Y, group, rank, strength)
    G = group.constraint()

    def loss(W):
        return error(X, Y, W) / len(X) + strength * (W @ G).square().sum()

    U, s, Vt = torch.linalg.svd(W, full_matrices=False)
    W2, W1 = U[:, :rank] * s[:rank].sqrt(), s[:rank, None].sqrt() * Vt[:rank]
    generator = torch.Generator().manual_seed(0)
    for size in (1e-4, 1e-2, 1):
        step2 = torch.randn(W2.shape, generator=generator, dtype=torch.float64) * size
        step1 = torch.randn(W1.shape, generator=generator, dtype=torch.float64) * size
        moved = (W2 + step2 * W2.norm()) @ (W1 + step1 * W1.norm())
        assert loss(moved) >= loss(W) * (1 - 1e-12)


def test_a_full_rank_data_set_larger_than_the_classes_need():
    """More orbits than classes and the reverse: the target has rank min(d, classes)."""
    generator = torch.Generator().manual_seed(0)
    X = torch.randn(60, 16, generator=generator)
    Y = torch.randn(60, 6, generator=generator)
    values = constrained_singular_values(X, Y, rotations(4))  # d = 4 orbits
    assert values.shape == (6,)
    assert (values > 0).sum() == 4


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.longdouble, torch.float32, "half"])
def test_any_float_and_read_only_arrays(kind):
    rng = np.random.default_rng(1)
    X, Y = rng.integers(0, 9, (30, 9)), rng.integers(0, 2, (30, 3))
    expected = constrained_optimum(X, Y, rotations(3), 2)
    if kind == "half":
        given_X, given_Y = torch.tensor(X).bfloat16(), torch.tensor(Y).bool()
    elif isinstance(kind, torch.dtype):
        given_X, given_Y = torch.tensor(X, dtype=kind, requires_grad=True), torch.tensor(Y)
    else:
        given_X, given_Y = X.astype(kind), Y.astype(kind)
        given_X.flags.writeable = False
    found = constrained_optimum(given_X, given_Y, rotations(3), 2)
    assert found.dtype == torch.float64
    assert found.equal(expected)
    assert not found.requires_grad


def test_the_order_and_repetition_of_samples_do_not_matter():
    generator = torch.Generator().manual_seed(3)
    X = torch.randn(30, 9, generator=generator)
    Y = torch.randn(30, 4, generator=generator)
    once = regularized_optimum(X, Y, rotations(3), 2, 0.1)
    twice = regularized_optimum(X.flip(0).tile(2, 1), Y.flip(0).tile(2, 1), rotations(3), 2, 0.1)
    torch.testing.assert_close(once, twice)
