"""Eq. 61 against quadrature, simulation and its symmetries; regression with a kernel."""

import math

import mpmath
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import dblquad

from invlib.closed_form.kernel_regression import after_steps, condition, interpolating
from invlib.closed_form.relu_ntk import angles, averaged_relu_ntk, relu_ntk
from invlib.errors import UsageError
from invlib.groups import rotations
from invlib.studies.linear.kernel_predictors import quadrature_error

GROUP = rotations(3)


def normal(seed: int, *shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@pytest.mark.parametrize("theta", [0.3, 1.2, 2.5])
def test_the_defining_expectation_by_quadrature(theta):
    """E over w in the plane of x and x', by scipy over radius and angle, without our own rule."""
    x, other = np.array([2.0, 0]), 0.7 * np.array([math.cos(theta), math.sin(theta)])

    def integrand(phi, r):
        u, v = r * np.cos(phi) * x[0], r * (np.cos(phi) * other[0] + np.sin(phi) * other[1])
        both = (u > 0) * (v > 0)
        return both * (u * v + x @ other) * r * np.exp(-(r**2) / 2) / (2 * math.pi)

    low, high = theta - math.pi / 2, math.pi / 2  # where both are positive
    wanted, _ = dblquad(integrand, 0, 12, low, high, epsabs=1e-11)
    found = relu_ntk(torch.tensor(x)[None], torch.tensor(other)[None])
    assert found.item() == pytest.approx(wanted, abs=1e-9)


def test_the_experiment_measures_the_same():
    assert quadrature_error(500) < 1e-13


def test_simulation():
    x = normal(0, 4, 5)
    w = normal(1, 400_000, 5)
    before = x @ w.T
    lit = (before > 0).double()
    found = (before.relu() @ before.relu().T + (x @ x.T) * (lit @ lit.T)) / len(w)
    assert (found - relu_ntk(x, x)).abs().max() < 0.03 * relu_ntk(x, x).max()


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 2**20), st.floats(0.01, 100))
def test_symmetries(seed, size):
    x, other = normal(seed, 3, 9), normal(seed + 1, 4, 9)
    k = relu_ntk(x, other)
    torch.testing.assert_close(relu_ntk(other, x), k.T)
    torch.testing.assert_close(relu_ntk(size * x, other), size * k)
    for g in range(4):
        torch.testing.assert_close(relu_ntk(GROUP.act(x, g), GROUP.act(other, g)), k)
    assert torch.linalg.eigvalsh(relu_ntk(x, x))[0] > 0
    torch.testing.assert_close(relu_ntk(x, x).diagonal(), x.square().sum(1))


@pytest.mark.parametrize("exponent", [1, 5, 9, 12])
def test_small_angles_keep_their_digits(exponent):
    theta = 10.0**-exponent
    pair = torch.tensor([[1.0, 0.0], [math.cos(theta), math.sin(theta)]], dtype=torch.float64)
    assert angles(pair, pair)[0, 1].item() == pytest.approx(theta, rel=1e-6)
    opposite = angles(pair[:1], -pair[1:])
    assert math.pi - opposite.item() == pytest.approx(theta, abs=1e-15)
    with mpmath.workdps(30):
        t = mpmath.mpf(theta)
        wanted = (mpmath.sin(t) + 2 * (mpmath.pi - t) * mpmath.cos(t)) / (2 * mpmath.pi)
    # 1 − k falls in proportion to θ: arccos of a rounded cosine would make this 0 or far off
    assert (1 - relu_ntk(pair, pair)[0, 1]).item() == pytest.approx(float(1 - wanted), abs=4e-16)


def test_blank_images_have_no_kernel():
    k = relu_ntk(torch.zeros(1, 9), normal(0, 2, 9))
    assert k.equal(torch.zeros(1, 2, dtype=torch.float64))


def test_the_averaged_kernel_averages_over_both_elements():
    x, other = normal(0, 3, 9), normal(1, 2, 9)
    both = [relu_ntk(GROUP.act(x, g), GROUP.act(other, h)) for g in range(4) for h in range(4)]
    torch.testing.assert_close(averaged_relu_ntk(x, other, GROUP), torch.stack(both).mean(0))


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 2**20), st.integers(1, 6), st.sampled_from([0.0, 0.01]))
def test_augmented_regression_is_regression_with_the_averaged_kernel(seed, n, ridge):
    """Corollary B.13 and Proposition B.14 on random images."""
    X, Y, unseen = normal(seed, n, 9), normal(seed + 1, n, 2), normal(seed + 2, 3, 9)
    turned, copies = GROUP.orbit(X).flatten(0, 1), Y.repeat_interleave(4, 0)
    K, average = relu_ntk(turned, turned), averaged_relu_ntk(X, X, GROUP)
    f = relu_ntk(unseen, turned) @ interpolating(K, copies, ridge)
    moved = relu_ntk(GROUP.act(unseen, 1), turned) @ interpolating(K, copies, ridge)
    wanted = averaged_relu_ntk(unseen, X, GROUP) @ interpolating(average, Y, ridge)
    torch.testing.assert_close(f, moved, rtol=1e-6, atol=1e-6)
    torch.testing.assert_close(f, wanted, rtol=1e-6, atol=1e-6)


def test_steps_of_gradient_descent_one_by_one():
    K, Y = relu_ntk(normal(0, 6, 9), normal(0, 6, 9)), normal(1, 6, 2)
    rate = 1.5 * len(K) / float(torch.linalg.eigvalsh(K)[-1])  # some directions overshoot
    f = torch.zeros_like(Y)
    for _ in range(7):
        f = f - rate / len(K) * K @ (f - Y)
    torch.testing.assert_close(K @ after_steps(K, Y, rate, 7), f)
    long = after_steps(K, Y, rate, 10**7)
    torch.testing.assert_close(long, interpolating(K, Y), rtol=1e-7, atol=1e-7)


def test_steps_with_a_singular_kernel():
    X = normal(0, 4, 9)[[0, 1, 1]]
    K, Y = relu_ntk(X, X), normal(1, 3, 1)
    f = torch.zeros_like(Y)
    for _ in range(5):
        f = f - 0.1 / 3 * K @ (f - Y)
    torch.testing.assert_close(K @ after_steps(K, Y, 0.1, 5), f)


def test_refusals_by_name():
    X = normal(0, 3, 9)
    with pytest.raises(UsageError, match="not positive definite"):
        interpolating(-relu_ntk(X, X), X)
    with pytest.raises(UsageError, match="rate is 1000"):
        after_steps(relu_ntk(X, X), X, 1000.0, 5)
    with pytest.raises(UsageError, match="x has 9 columns, other has 4"):
        relu_ntk(X, normal(0, 3, 4))
    with pytest.raises(UsageError, match="other holds NaN"):
        relu_ntk(X, X * torch.nan)
    with pytest.raises(UsageError, match="x must be a real tensor"):
        relu_ntk(X[0], X)
    assert condition(torch.diag(torch.tensor([1.0, 4.0]))) == pytest.approx(4)
