"""ε_inv of paper linear: by hand, against the formula written out, and at its edges."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from invlib.errors import InvlibError, UsageError
from invlib.groups import rotations
from invlib.metrics.relative import (
    READINGS,
    median_error,
    relative_errors,
    relative_invariance_error,
)

GROUP = rotations(4)
X = torch.rand(9, 16, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


def values(*rows: list[list[float]]) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.float64)  # [n, outputs, order]


def test_by_hand():
    one = values([[1.0, 3.0], [5.0, 5.0]])  # means 2 and 5, variances 1 and 0
    assert relative_errors(one).tolist() == [0.25, 0.0]
    assert relative_errors(one, "output_mean").tolist() == [0.125]
    assert relative_errors(one, "norm").tolist() == [pytest.approx(1 / 29)]
    assert relative_errors(one, "predicted").tolist() == [0.0]


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10**6), order=st.integers(1, 5))
def test_it_is_the_papers_formula_for_every_output(seed, order):
    f = torch.randn(6, 3, order, generator=torch.Generator().manual_seed(seed)).double() + 2
    mean = f.mean(-1, keepdim=True)
    torch.testing.assert_close(relative_errors(f), ((1 - f / mean) ** 2).mean(-1).flatten())
    for reading in READINGS:  # scale and sign of f do not matter, but that the mean is largest
        torch.testing.assert_close(relative_errors(3 * f, reading), relative_errors(f, reading))


def test_where_the_mean_vanishes():
    edges = values([[1.0, -1.0], [0.0, 0.0]])
    assert relative_errors(edges).tolist() == [math.inf, 0.0]
    with pytest.raises(InvlibError, match="the mean over the group is zero"):
        median_error(relative_errors(values([[1.0, -1.0]])))
    with pytest.raises(InvlibError, match="not finite"):
        median_error(torch.tensor([math.nan, 0.0, 0.0]))


@pytest.mark.parametrize("reading", READINGS)
def test_on_a_model_it_does_not_depend_on_the_batch_and_vanishes_for_invariant_ones(reading):
    W = torch.rand(16, 3, generator=torch.Generator().manual_seed(1), dtype=torch.float64)

    def model(x):
        return x @ W + 1

    whole = relative_invariance_error(model, X, GROUP, reading=reading)
    assert whole > 1e-4
    small = relative_invariance_error(model, X, GROUP, reading=reading, batch=2)
    assert small == pytest.approx(whole, rel=1e-12)
    turned = relative_invariance_error(model, GROUP.act(X, 1), GROUP, reading=reading)
    assert turned == pytest.approx(whole, rel=1e-9)
    invariant = relative_invariance_error(lambda x: x.sum(1, True) * W[:1], X, GROUP)
    assert invariant < 1e-25


def test_an_unknown_reading_is_refused_by_name():
    with pytest.raises(UsageError, match="Did you mean 'norm'"):
        relative_invariance_error(lambda x: x, X, GROUP, reading="norms")
