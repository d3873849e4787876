"""The list of critical points against the losses themselves, and what it refuses."""

import itertools
import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from invlib.closed_form import (
    augmented_optimum,
    constrained_optimum,
    regularized_optimum,
)
from invlib.closed_form.critical_points import (
    augmented_critical_points,
    constrained_critical_points,
    regularized_critical_points,
)
from invlib.errors import UsageError
from invlib.groups import flips, rotations

PROBLEMS = ("constrained", "augmented", "regularized")


def normal(seed: int, *shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@st.composite
def instances(draw):
    """Random samples with fewer or more orbits than classes, and a rank that both allow."""
    group = draw(st.sampled_from([rotations(3), rotations(4), flips(3), flips(4)]))
    classes = draw(st.integers(2, 7))
    seed = draw(st.integers(0, 10**6))
    n = group.pixels + draw(st.integers(5, 30))
    rank = draw(st.integers(1, min(3, classes, group.orbit_basis().shape[1])))
    return normal(seed, n, group.pixels), normal(seed + 1, n, classes), group, rank


def listed(problem, X, Y, group, rank, strength=0.3):
    if problem == "constrained":
        return constrained_critical_points(X, Y, group, rank)
    if problem == "augmented":
        return augmented_critical_points(X, Y, group, rank)
    return regularized_critical_points(X, Y, group, rank, strength)


def paper_loss(problem, X, Y, group, strength=0.3):
    """Problems (4), (9) and (7), written down on the samples."""

    def error(X, W):
        return (X @ W.mT - Y).square().sum() / len(X)

    def augmented(W):
        return sum(error(group.act(X, k), W) for k in range(group.order)) / group.order

    def regularized(W):
        return error(X, W) + strength * (W @ group.constraint()).square().sum()

    return {
        "constrained": lambda W: error(X, W),
        "augmented": augmented,
        "regularized": regularized,
    }[problem]


def allowed(problem, group):
    """A basis of the inputs that the problem's maps see: [pixels, inputs]."""
    constrained = problem == "constrained"
    return group.orbit_basis() if constrained else torch.eye(group.pixels, dtype=torch.float64)


@settings(deadline=None, max_examples=15)
@given(instances(), st.sampled_from(PROBLEMS))
def test_every_listed_point_is_critical_and_has_the_loss_of_what_it_drops(instance, problem):
    X, Y, group, rank = instance
    found = listed(problem, X, Y, group, rank)
    loss, basis = paper_loss(problem, X, Y, group), allowed(problem, group)
    at_zero = torch.func.grad(loss)(torch.zeros_like(found.maps[0])).norm()
    for W, value in zip(found.maps, found.losses, strict=True):
        assert torch.linalg.matrix_rank(W, rtol=1e-9) == rank
        torch.testing.assert_close(value, loss(W), rtol=1e-9, atol=1e-9)
        U, s, Vt = torch.linalg.svd(W @ basis, full_matrices=False)
        second, first = U[:, :rank] * s[:rank], Vt[:rank]

        def in_layers(second, first):
            return loss(second @ first @ basis.mT)

        for gradient in torch.func.grad(in_layers, (0, 1))(second, first):
            assert gradient.norm() < 1e-9 * at_zero * max(1.0, float(s[0]))


@settings(deadline=None, max_examples=15)
@given(instances())
def test_counts_order_and_coincidence(instance):
    X, Y, group, rank = instance
    d, m = group.orbit_basis().shape[1], Y.shape[1]
    constrained, augmented, regularized = (listed(p, X, Y, group, rank) for p in PROBLEMS)
    assert len(constrained) == len(augmented) == math.comb(min(d, m), rank)
    assert len(regularized) == math.comb(min(m, group.pixels), rank)
    scale = constrained.maps.norm()
    assert (constrained.maps - augmented.maps).norm() < 1e-8 * scale
    for found, best in (
        (constrained, constrained_optimum(X, Y, group, rank)),
        (augmented, augmented_optimum(X, Y, group, rank)),
        (regularized, regularized_optimum(X, Y, group, rank, 0.3)),
    ):
        assert found.losses.argmin() == 0
        torch.testing.assert_close(found.maps[0], best, rtol=1e-8, atol=1e-8 * float(best.norm()))
        dropped = found.singular_values.square().sum() - torch.stack(
            [found.singular_values[kept].square().sum() for kept in found.kept]
        )
        differences = (found.target - found.nearest).square().sum((1, 2))
        torch.testing.assert_close(dropped, differences, rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize(("total", "rank"), [(4, 2), (5, 2), (5, 3), (6, 1)])
def test_ways_down_are_pairs_and_add_up_to_the_grassmannian(total, rank):
    """Counted by hand; as a generating function they are the Gaussian binomial coefficient."""
    X, Y = normal(0, 60, 16), normal(1, 60, total)
    found = regularized_critical_points(X, Y, flips(4), rank, 0.1)
    for kept, descents in zip(found.kept.tolist(), found.descents.tolist(), strict=True):
        pairs = itertools.product(kept, set(range(total)) - set(kept))
        assert descents == sum(j < i for i, j in pairs)
    polynomial, divisor = np.ones(1), np.ones(1)
    for k in range(rank):
        polynomial = np.polymul(polynomial, [1, *[0] * (total - k - 1), -1])
        divisor = np.polymul(divisor, [1, *[0] * k, -1])
    expected, rest = np.polydiv(polynomial, divisor)
    assert not rest.any()
    assert np.bincount(found.descents).tolist() == expected.tolist()


def test_along_the_predicted_direction_the_loss_falls_and_along_no_other():
    """Swap u_i for u_j and v_i for v_j by a small angle: second differences are the formula's."""
    found = regularized_critical_points(normal(2, 60, 9), normal(3, 60, 4), flips(3), 2, 0.1)
    Z, s = found.target, found.singular_values
    U, _, Vt = torch.linalg.svd(Z, full_matrices=False)

    def excess(kept, i, j, b, c):
        angle_u, angle_v = b / s[i], c / s[i]
        left, right = U[:, kept].clone(), Vt[kept].clone()
        place = kept.index(i)
        left[:, place] = angle_u.cos() * U[:, i] + angle_u.sin() * U[:, j]
        right[place] = angle_v.cos() * Vt[i] + angle_v.sin() * Vt[j]
        M = left * s[kept] @ right
        return (M - Z).square().sum() - (U[:, kept] * s[kept] @ Vt[kept] - Z).square().sum()

    for kept in found.kept.tolist():
        for i, j in itertools.product(kept, set(range(4)) - set(kept)):
            for b, c in ((1e-4, 1e-4), (1e-4, -1e-4), (1e-4, 0.0)):
                b, c = torch.tensor(b).double(), torch.tensor(c).double()
                wanted = b**2 + c**2 - 2 * s[j] / s[i] * b * c
                torch.testing.assert_close(excess(kept, i, j, b, c), wanted, rtol=2e-2, atol=1e-12)


GOOD = {"X": normal(4, 30, 16), "Y": normal(5, 30, 6), "group": rotations(4), "rank": 2}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"rank": 0}, "rank is 0; .* rank 1 to 6"),
        ({"rank": 7}, "rank is 7; .* rank 1 to 6"),
        ({"rank": 2.0}, "rank is 2.0"),
        ({"rank": 5}, "rank is 5; the target of this problem has rank 4"),
        ({"X": torch.full((30, 16), torch.nan)}, "X holds NaN"),
        ({"Y": normal(5, 29, 6)}, "X has 30 samples, Y has 29"),
        ({"group": rotations(3)}, "acts on 9 pixels"),
        ({"group": "turns"}, "group is a str"),
        ({"Y": torch.zeros(30, 6)}, "target of this problem has rank 0"),
    ],
)
def test_refusals(change, says):
    for points in (constrained_critical_points, augmented_critical_points):
        with pytest.raises(UsageError, match=says):
            points(**GOOD | change)
    if "rank 4" not in says:
        with pytest.raises(UsageError, match=says):
            regularized_critical_points(**GOOD | change, strength=1.0)


@pytest.mark.parametrize("strength", [-1, float("nan"), "much"])
def test_a_wrong_strength_is_refused(strength):
    with pytest.raises(UsageError, match="strength is"):
        regularized_critical_points(**GOOD, strength=strength)


def test_equal_singular_values_are_refused():
    X = torch.linalg.qr(normal(6, 40, 16)).Q
    with pytest.raises(UsageError, match="singular values 1 and 2 of the target are equal"):
        regularized_critical_points(X, X[:, :6], rotations(4), 2, 0)


def test_a_list_that_is_too_long_is_refused():
    X, Y = normal(7, 80, 64), normal(8, 80, 30)
    with pytest.raises(UsageError, match="critical points of rank 15; at most"):
        regularized_critical_points(X, Y, rotations(8), 15, 0.1)
