"""Laws that hold for any data, tried on data whose directions differ by orders of magnitude."""

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
from invlib.groups import flips, rotations, translations

GROUPS = st.sampled_from([rotations(3), rotations(4, order=2), translations(3), flips(3)])


@st.composite
def problems(draw):
    """Inputs whose singular values spread over up to six decades, targets, a group and a rank."""
    group = draw(GROUPS)
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    pixels, classes = group.pixels, draw(st.integers(1, 6))
    turn, _ = np.linalg.qr(rng.normal(size=(pixels, pixels)))
    spread = np.logspace(0, -draw(st.integers(0, 6)), pixels)
    X = rng.normal(size=(pixels + draw(st.integers(2, 30)), pixels)) * spread @ turn
    Y = rng.normal(size=(len(X), classes))
    return torch.tensor(X), torch.tensor(Y), group, draw(st.integers(1, min(classes, 4)))


strengths = st.floats(-8, 10).map(lambda exponent: 10**exponent)


def error(W, X, Y):
    return (X @ W.mT - Y).square().sum()


@settings(deadline=None)
@given(problems())
def test_both_optima_predict_the_same(problem):
    """Theorem 12 for ill-conditioned data, in the loss, which rounding in W does not blow up."""
    X, Y, group, rank = problem
    constrained = constrained_optimum(X, Y, group, rank)
    augmented = augmented_optimum(X, Y, group, rank)
    orbit, targets = group.orbit(X).flatten(0, 1), Y.repeat_interleave(group.order, 0)
    one, other = (error(W, orbit, targets) for W in (constrained, augmented))
    torch.testing.assert_close(one, other, rtol=1e-9, atol=0)
    torch.testing.assert_close(
        augmented_singular_values(X, Y, group) / group.order**0.5,
        constrained_singular_values(X, Y, group),
        rtol=0,
        atol=1e-8 * float(Y.norm()),
    )


@settings(deadline=None)
@given(problems(), strengths, st.floats(0.1, 5))
def test_a_stronger_penalty_lowers_every_singular_value(problem, strength, decades):
    """σ(Z_reg) falls with λ, and never below σ(Z_inv): the order that the paper's Fig. 5 breaks."""
    X, Y, group, _ = problem
    slack = 1e-8 * float(Y.norm())
    weak = regularized_singular_values(X, Y, group, strength)
    strong = regularized_singular_values(X, Y, group, strength * 10**decades)
    assert (weak >= strong - slack).all()
    assert (strong >= constrained_singular_values(X, Y, group) - slack).all()


@settings(deadline=None)
@given(problems(), strengths, st.floats(-3, 3).map(lambda exponent: 10**exponent))
def test_the_unit_of_the_pixels_does_not_matter(problem, strength, unit):
    """Brighter pixels, smaller weights: the penalty then counts for unit² as much."""
    X, Y, group, rank = problem
    once = regularized_optimum(X, Y, group, rank, strength)
    scaled = unit * regularized_optimum(unit * X, Y, group, rank, strength * unit**2)
    torch.testing.assert_close(
        error(scaled, X, Y) + len(X) * strength * (scaled @ group.constraint()).square().sum(),
        error(once, X, Y) + len(X) * strength * (once @ group.constraint()).square().sum(),
        rtol=1e-8,
        atol=0,
    )


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_the_norm_of_the_noninvariant_part_grows_with_the_rank(rank):
    X = torch.randn(40, 9, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    Y = torch.randn(40, 4, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    group = rotations(3)
    lower, higher = (
        (regularized_optimum(X, Y, group, r, 0.01) @ group.constraint()).norm()
        for r in (rank, rank + 1)
    )
    assert lower < higher
