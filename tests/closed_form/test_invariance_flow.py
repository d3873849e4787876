"""Proposition 3.1 of genuine: the flow in closed form, and what it does to singular values."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.linalg import expm

from invlib.closed_form.invariance_flow import (
    exposure,
    invariance_flow,
    linear_flow,
    orbit_differences,
    rank_one_flow,
    second_moment,
)
from invlib.errors import UsageError
from invlib.groups import rotations, translations
from invlib.metrics import logit_invariance_error

seeds = st.integers(0, 10_000)


def normal(seed: int, *shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def not_above(values: torch.Tensor, bound: torch.Tensor) -> bool:
    return bool((values <= bound + 1e-12 * bound.max()).all())


@settings(max_examples=15, deadline=None)
@given(seeds, st.integers(1, 8), st.floats(0, 5))
def test_the_flow_is_the_matrix_exponential(seed, n, time):
    W, eps = normal(seed, 4, 6), normal(seed + 1, n, 6)
    sigma = second_moment(eps)
    expected = W.numpy() @ expm(-sigma.numpy() * time)
    flow = invariance_flow(eps)
    np.testing.assert_allclose(flow.flow(W, time), expected, rtol=0, atol=1e-11)
    assert flow.rank == min(n, 6)
    np.testing.assert_allclose(
        flow.singular_values(W, torch.tensor([time], dtype=torch.float64))[0],
        np.linalg.svd(expected, compute_uv=False),
        rtol=0,
        atol=1e-11,
    )


def test_it_is_the_flow_of_the_metric():
    """The gradient comes from autograd on our own LI, the path from an integrator of scipy's."""
    x, W, group = normal(0, 5, 16), normal(1, 3, 16), rotations(4)
    eps = orbit_differences(x, group)

    def error(W):
        return (x @ W.mT - group.orbit(x)[:, 1:].transpose(0, 1) @ W.mT).square().sum(-1).mean() / 2

    assert float(error(W)) == pytest.approx(
        logit_invariance_error(lambda x: x @ W.mT, x, group), rel=1e-12
    )

    def slope(_, w):
        at = torch.from_numpy(w.reshape(3, 16)).requires_grad_()
        return -torch.autograd.grad(error(at), at)[0].numpy().ravel()

    path = solve_ivp(slope, (0, 0.5), W.numpy().ravel(), rtol=1e-9, atol=1e-12)
    found = invariance_flow(eps).flow(W, 0.5)
    np.testing.assert_allclose(found.numpy().ravel(), path.y[:, -1], rtol=1e-6, atol=1e-8)


def test_rank_one_as_the_paper_writes_it():
    W, eps = normal(0, 3, 5), normal(1, 1, 5)
    length = eps.square().sum()
    E = torch.eye(5, dtype=torch.float64) + (torch.exp(-0.7 * length) - 1) * eps.mT @ eps / length
    torch.testing.assert_close(invariance_flow(eps).flow(W, 0.7), W @ E)
    values = torch.linalg.eigvalsh(E)
    torch.testing.assert_close(values[1:], torch.ones(4, dtype=torch.float64))
    torch.testing.assert_close(values[0], torch.exp(-0.7 * length))
    gone = torch.eye(5, dtype=torch.float64) - eps.mT @ eps / length
    torch.testing.assert_close(invariance_flow(eps).limit(W), W @ gone)
    torch.testing.assert_close(rank_one_flow(W, eps[0], 0.7), W @ E)
    torch.testing.assert_close(rank_one_flow(W, eps[0], math.inf), W @ gone)
    torch.testing.assert_close(rank_one_flow(W, 0 * eps[0], math.inf), W)


@settings(max_examples=30, deadline=None)
@given(seeds, st.integers(1, 4), st.floats(0, 3), st.floats(0, 3))
def test_no_singular_value_grows_and_none_falls_below_its_floor(seed, rank, early, later):
    W, eps = normal(seed, 4, 6), normal(seed + 1, rank, 6)
    flow = invariance_flow(eps)
    first, second = flow.singular_values(W, torch.tensor([early, early + later]))
    assert not_above(second, first)
    start = torch.linalg.svdvals(W)
    floor = torch.cat([start[rank:], torch.zeros(rank, dtype=torch.float64)])
    assert not_above(floor, second)  # Σ has rank r: σ_i(t) ≥ σ_{i+r}(0)
    assert not_above(floor, torch.linalg.svdvals(flow.limit(W)))


@settings(max_examples=30, deadline=None)
@given(seeds, st.booleans())
def test_the_largest_falls_strictly_unless_its_direction_is_unseen(seed, unseen):
    """If a right singular vector of σ_max lies in the kernel of Σ, σ_max stays for ever."""
    W, eps = normal(seed, 3, 6), normal(seed + 1, 2, 6)
    if unseen:  # turn W so that its first right singular vector is orthogonal to both ε
        U, S, Vh = torch.linalg.svd(W, full_matrices=False)
        basis = torch.linalg.qr(torch.cat([eps, Vh[:1]]).mT).Q.mT
        W = U @ torch.diag(S) @ torch.stack([basis[2], basis[0], basis[1]])
    shown = exposure(W, second_moment(eps))
    start, after = invariance_flow(eps).singular_values(W, torch.tensor([0.0, 0.1]))
    if unseen:
        assert shown[0] < 1e-12
        torch.testing.assert_close(after[0], start[0])
        assert torch.linalg.svdvals(invariance_flow(eps).limit(W))[0] == pytest.approx(start[0])
    else:
        assert shown[0] > 0
        assert after[0] < start[0]


def test_exposure_is_the_slope_of_the_logarithm():
    W, eps, step = normal(0, 3, 6), normal(1, 4, 6), 1e-6
    values = invariance_flow(eps).singular_values(W, torch.tensor([0, step], dtype=torch.float64))
    slope = -(values[1].log() - values[0].log()) / step
    torch.testing.assert_close(exposure(W, second_moment(eps)), slope, rtol=1e-4, atol=0)


@pytest.mark.parametrize("group", [rotations(6), translations(6, 3)])
def test_images_that_span_everything_leave_the_invariant_part(group):
    W, x = normal(0, 3, 36), normal(1, 60, 36)
    limit = invariance_flow(orbit_differences(x, group)).limit(W)
    torch.testing.assert_close(limit, group.orbit(W).mean(-2))


@settings(max_examples=20, deadline=None)
@given(seeds, st.floats(0.01, 1.0), st.integers(0, 30))
def test_descent_is_its_loop_and_monotone_up_to_the_largest_rate(seed, share, steps):
    W, eps = normal(seed, 3, 5), normal(seed + 1, 4, 5)
    flow, sigma = invariance_flow(eps), second_moment(eps)
    rate = share * flow.largest_rate
    at = W
    for _ in range(steps):
        after = at - rate * at @ sigma
        assert not_above(torch.linalg.svdvals(after), torch.linalg.svdvals(at))
        at = after
    torch.testing.assert_close(flow.descent(W, rate, steps), at, rtol=1e-9, atol=1e-9)


def test_beyond_the_largest_rate_some_map_grows():
    eps = normal(1, 4, 5)
    flow = invariance_flow(eps)
    W = flow.vectors[:, -1:].mT  # all of it along the steepest direction
    assert flow.descent(W, 1.01 * flow.largest_rate, 1).norm() > W.norm()
    assert flow.descent(W, 0.99 * flow.largest_rate, 1).norm() < W.norm()


def test_with_a_drive_it_solves_regression():
    """The flow of squared error plus penalty: its loop, and its limit B A⁻¹."""
    W, X, Y, eps = normal(0, 3, 5), normal(1, 40, 5), normal(2, 40, 3), normal(3, 4, 5)
    A, B = second_moment(X) + 0.5 * second_moment(eps), Y.mT @ X / 40
    flow = linear_flow(A)
    torch.testing.assert_close(flow.limit(W, B), B @ torch.linalg.inv(A))
    at, rate = W, 0.1
    for _ in range(25):
        at = at - rate * (at @ A - B)
    torch.testing.assert_close(flow.descent(W, rate, 25, B), at)
    path = solve_ivp(
        lambda _, w: (B - torch.from_numpy(w.reshape(3, 5)) @ A).numpy().ravel(),
        (0, 2),
        W.numpy().ravel(),
        rtol=1e-9,
        atol=1e-12,
    )
    found = flow.flow(W, 2.0, B).numpy().ravel()
    np.testing.assert_allclose(found, path.y[:, -1], rtol=1e-6, atol=1e-8)


def test_a_drive_along_what_is_left_alone_grows_without_limit():
    A, B = torch.diag(torch.tensor([1.0, 0.0])).double(), torch.ones(1, 2).double()
    flow = linear_flow(A)
    found = flow.flow(torch.zeros(1, 2), 3.0, B)
    torch.testing.assert_close(found, torch.tensor([[1 - np.exp(-3), 3.0]]).double())
    with pytest.raises(UsageError, match="there is no limit"):
        flow.limit(torch.zeros(1, 2), B)


def test_refusals():
    with pytest.raises(UsageError, match="must be symmetric"):
        linear_flow(torch.ones(2, 3))
    with pytest.raises(UsageError, match="eigenvalue -1; none may be negative"):
        linear_flow(torch.diag(torch.tensor([1.0, -1.0])))
    with pytest.raises(UsageError, match=r"differences has shape \[0, 3\]"):
        invariance_flow(torch.zeros(0, 3))
    flow = invariance_flow(normal(0, 1, 3))
    with pytest.raises(UsageError, match=r"time is -1\.0"):
        flow.flow(normal(0, 2, 3), -1.0)
    with pytest.raises(UsageError, match=r"rate is 0\.0"):
        flow.descent(normal(0, 2, 3), 0.0, 1)
    with pytest.raises(UsageError, match="time is nan"):
        rank_one_flow(normal(0, 2, 3), normal(1, 3), math.nan)
    assert invariance_flow(torch.zeros(1, 3)).largest_rate == float("inf")
