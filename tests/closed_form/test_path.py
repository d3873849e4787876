"""The whole path against the closed form of one strength, its ends against the theorems."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from invlib.closed_form import (
    constrained_optimum,
    regularized_optimum,
    regularized_singular_values,
)
from invlib.closed_form.path import regularized_path
from invlib.errors import UsageError
from invlib.groups import flips, rotations, translations

STRENGTHS = torch.logspace(-4, 6, 6, dtype=torch.float64)
ENDS = torch.tensor([0.0, math.inf])


@st.composite
def problems(draw):
    group = draw(
        st.sampled_from([rotations(3), rotations(4, order=2), translations(3, axis="x"), flips(3)])
    )
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    shape = (2, draw(st.integers(5, 40)))  # fewer samples than pixels are fine
    X = torch.tensor(rng.normal(size=(*shape, group.pixels)) * 10 ** draw(st.floats(-2, 2)))
    classes = draw(st.integers(3, 5))
    return X, torch.tensor(rng.normal(size=(*shape, classes))), group, draw(st.integers(1, 2))


@settings(deadline=None, max_examples=25)
@given(problems())
def test_the_path_is_the_optimum_at_every_strength(problem):
    X, Y, group, rank = problem
    path = regularized_path(X, Y, group)
    maps, values = path.maps(STRENGTHS, rank), path.singular_values(STRENGTHS)
    for i, (x, y) in enumerate(zip(X, Y, strict=True)):
        for j, strength in enumerate(STRENGTHS):
            alone = regularized_singular_values(x, y, group, float(strength))
            assert torch.allclose(values[i, j], alone, rtol=1e-7, atol=1e-8)
            if alone[rank - 1] - alone[rank] > 1e-3 * alone[0]:  # else two optima are as good
                W = regularized_optimum(x, y, group, rank, float(strength))
                assert (maps[i, j] - W).norm() <= 1e-6 * W.norm()


@settings(deadline=None, max_examples=15)
@given(problems())
def test_the_end_at_infinity_is_hard_wired(problem):
    X, Y, group, rank = problem
    path = regularized_path(X, Y, group)
    values = path.singular_values(ENDS)[:, 1]
    for W, s, x, y in zip(path.maps(ENDS, rank)[:, 1], values, X, Y, strict=True):
        assert (W @ group.constraint()).norm() <= 1e-8 * (1 + W.norm())
        if s[rank - 1] - s[rank] > 1e-3 * s[0]:
            expected = constrained_optimum(x, y, group, rank)
            assert (W - expected).norm() <= 1e-6 * (1 + expected.norm())


def test_where_inputs_have_full_rank_the_end_at_zero_is_the_unpenalized_optimum():
    X, Y, group = random_problem(samples=40)
    W = regularized_path(X, Y, group).maps(ENDS, 2)[0]
    torch.testing.assert_close(W, regularized_optimum(X, Y, group, 2, 0.0))


def test_where_they_have_not_the_path_comes_from_the_least_invariance_error():
    X, Y, group = random_problem(samples=40)
    X[:, 0] = 0  # a blank pixel, whose rotations are not
    path, G = regularized_path(X, Y, group), group.constraint()
    limit, least_norm = path.maps(ENDS, 2)[0], regularized_optimum(X, Y, group, 2, 0.0)
    torch.testing.assert_close(X @ limit.mT, X @ least_norm.mT)
    assert (limit @ G).norm() < 0.999 * (least_norm @ G).norm()
    near = path.maps(torch.tensor([1e-9], dtype=torch.float64), 2)[0]
    assert (near - limit).norm() < 1e-6 * limit.norm()


def test_each_problem_may_have_strengths_of_its_own():
    X, Y, group = random_problem(samples=20)
    both = regularized_path(torch.stack([X, 2 * X]), torch.stack([Y, Y]), group)
    own = torch.tensor([[0.1, 1.0], [10.0, 100.0]], dtype=torch.float64)
    maps = both.maps(own, 2)
    torch.testing.assert_close(maps[1], regularized_path(2 * X, Y, group).maps(own[1], 2))


@pytest.mark.parametrize("strengths", [[-1.0], [float("nan")], 1.0])
def test_what_is_no_list_of_strengths_is_refused(strengths):
    X, Y, group = random_problem(samples=20)
    with pytest.raises(UsageError, match="strengths must be"):
        regularized_path(X, Y, group).maps(torch.tensor(strengths), 1)


def test_samples_that_do_not_fit_are_refused():
    X, Y, group = random_problem(samples=20)
    with pytest.raises(UsageError, match="of 16 pixels"):
        regularized_path(X[:, :9], Y, group)
    with pytest.raises(UsageError, match="same samples"):
        regularized_path(X, Y[:10], group)


def random_problem(samples: int):
    generator = torch.Generator().manual_seed(1)
    X = torch.randn(samples, 16, generator=generator, dtype=torch.float64)
    Y = torch.randn(samples, 3, generator=generator, dtype=torch.float64)
    return X, Y, rotations(4)
