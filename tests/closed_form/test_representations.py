"""Optima for any matrices and weights: the permutation case, brute force, and fifty digits."""

import mpmath
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from invlib.closed_form import augmented_optimum, constrained_optimum
from invlib.closed_form.representations import augmented_optimum_over, invariant_optimum
from invlib.errors import UsageError
from invlib.groups import from_permutations, rotations
from invlib.groups.lattice import lattice
from invlib.groups.representation import Representation, of_group
from invlib.studies.linear.full_orbits import coordinates


def normal(seed: int, *shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def gap(a: torch.Tensor, b: torch.Tensor) -> float:
    return float((a - b).norm() / b.norm())


@pytest.mark.parametrize("rank", [1, 2, 5])
def test_pixel_groups_give_the_published_closed_forms(rank):
    pixels, group = rotations(4), of_group(rotations(4))
    X, Y = normal(0, 40, 16), normal(1, 40, 5)
    X[:, 3] = 0
    for found, wanted in (
        (augmented_optimum_over(X, Y, group.matrices(), rank), augmented_optimum),
        (invariant_optimum(X, Y, group.invariant_rows(), rank), constrained_optimum),
    ):
        assert gap(found, wanted(X, Y, pixels, rank)) < 1e-12


@st.composite
def representations(draw) -> Representation:
    """Cyclic, dihedral and product groups of permutations in random coordinates."""
    first, second = draw(st.integers(2, 5)), draw(st.integers(2, 3))
    kind = draw(st.sampled_from(["cyclic", "dihedral", "product"]))
    points = np.arange(first)
    shifts = [np.roll(points, k) for k in range(first)]
    if kind == "cyclic":
        elements = shifts
    elif kind == "dihedral":
        elements = [*shifts, *(shift[::-1] for shift in shifts)]
        elements = list({tuple(e): e for e in elements}.values())
    else:
        other = np.arange(second)
        elements = [
            np.concatenate([shift, first + np.roll(other, k)])
            for shift in shifts
            for k in range(second)
        ]
    group = of_group(from_permutations([element.tolist() for element in elements]))
    seed = draw(st.integers(0, 2**20))
    condition = draw(st.sampled_from([1.0, 10.0, 1e3]))
    return group.conjugate(coordinates(group.dimension, condition, seed))


@settings(deadline=None, max_examples=60)
@given(representations(), st.integers(1, 4), st.integers(0, 2**20), st.integers(0, 20))
def test_whole_orbits_give_the_invariant_optimum(group, rank, seed, extra):
    """Theorem 12 without a unitary representation, for any rank bound and shape."""
    X = normal(seed, 2 * group.dimension + extra, group.dimension)
    Y = normal(seed + 1, len(X), 4)
    rank = min(rank, group.dimension, group.invariants())  # beyond d every bound is the same
    augmented = augmented_optimum_over(X, Y, group.matrices(), rank)
    assert gap(augmented, invariant_optimum(X, Y, group.invariant_rows(), rank)) < 1e-7
    assert (augmented @ group.reynolds() - augmented).norm() < 1e-8 * augmented.norm()


@settings(deadline=None, max_examples=25)
@given(st.lists(st.floats(0.01, 1), min_size=4, max_size=4), st.integers(1, 3), st.integers(0, 999))
def test_no_map_of_this_rank_does_better(weights, rank, seed):
    """Against the same problem solved by alternating least squares from a random start."""
    matrices = of_group(rotations(2)).conjugate(coordinates(4, 5.0, seed)).matrices()
    weights = torch.tensor(weights, dtype=torch.float64)
    X, Y = normal(seed, 20, 4), normal(seed + 1, 20, 3)
    moved, targets = (X @ matrices.mT).flatten(0, 1), Y.repeat(4, 1)
    roots = weights.repeat_interleave(20).sqrt()[:, None]
    design, targets = (roots * moved), roots * targets

    def loss(W):
        return float((design @ W.mT - targets).square().sum())

    found = loss(augmented_optimum_over(X, Y, matrices, rank, weights))
    first = normal(seed + 2, rank, 4)
    for _ in range(300):
        second = torch.linalg.lstsq(design @ first.mT, targets).solution.mT
        left = torch.linalg.qr(second).Q  # of the bounded maps through these outputs, the best
        first = torch.linalg.lstsq(design, targets @ left).solution.mT
    assert found <= loss(left @ first) * (1 + 1e-9)
    assert found == pytest.approx(loss(left @ first), rel=1e-3)


def exact_difference(matrices, T, X, Y) -> float:
    """‖Ŵ_da − Ŵ_da Ḡ‖ / ‖Ŵ_da‖ without rank bound, for T ρ T⁻¹, in fifty digits."""
    with mpmath.workdps(50):
        T = mpmath.matrix(T.tolist())
        back = mpmath.inverse(T)
        rho = [T * mpmath.matrix(m.tolist()) * back for m in matrices]
        x, y = mpmath.matrix(X.T.tolist()), mpmath.matrix(Y.T.tolist())
        A, C, average = x * x.T * 0, y * x.T * 0, T * 0
        for r in rho:
            A, C, average = A + r * x * x.T * r.T, C + y * x.T * r.T, average + r / len(rho)
        W = C * mpmath.inverse(A)
        return float(mpmath.norm(W - W * average) / mpmath.norm(W))


def test_what_grows_with_the_condition_number_is_rounding():
    group = lattice(6, 2)
    X, Y = normal(3, 12, 6), normal(4, 12, 2)
    T = coordinates(6, 1e6, 0)
    moved = group.conjugate(T)
    double = augmented_optimum_over(X, Y, moved.matrices(), 2)
    rounded = (double - double @ moved.reynolds()).norm() / double.norm()
    assert 1e-13 < rounded < 1e-7
    assert exact_difference(group.matrices(), T, X, Y) < 1e-30


def test_the_norm_that_the_group_leaves_alone_restores_equality():
    """Directions without data: least norm differs in the plain norm, not in the invariant one."""
    group = of_group(rotations(4)).conjugate(coordinates(16, 10.0, 0))
    X, Y = normal(0, 3, 16), normal(1, 3, 4)
    rows, matrices, form = group.invariant_rows(), group.matrices(), group.invariant_form()
    plain = augmented_optimum_over(X, Y, matrices, 4)
    assert gap(plain, invariant_optimum(X, Y, rows, 4)) > 0.1
    assert gap(plain @ group.reynolds(), plain) > 0.1
    kept = augmented_optimum_over(X, Y, matrices, 4, form=form)
    assert gap(kept, invariant_optimum(X, Y, rows, 4, form)) < 1e-9
    # predictions on the orbit agree all the same, and the invariant norm of `kept` is smaller
    torch.testing.assert_close(group.orbit(X) @ plain.mT, group.orbit(X) @ kept.mT)
    assert (kept @ form @ kept.mT).trace() < (plain @ form @ plain.mT).trace()
    assert plain.norm() < kept.norm()


def test_weights_that_a_subgroup_leaves_alone_give_its_invariance():
    pixels, half = rotations(4), rotations(4, 2)
    X, Y = normal(0, 60, 16), normal(1, 60, 5)
    weights = torch.tensor([0.3, 0.2, 0.3, 0.2])
    W = augmented_optimum_over(X, Y, pixels.matrices(), 2, weights)
    assert (half.orbit(W) - W.unsqueeze(-2)).norm() < 1e-12 * W.norm()
    assert (pixels.orbit(W) - W.unsqueeze(-2)).norm() > 0.05 * W.norm()
    half_shown = augmented_optimum_over(X, Y, pixels.matrices()[[0, 2]], 2)
    assert gap(half_shown, constrained_optimum(X, Y, half, 2)) < 1e-12


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"weights": torch.ones(3)}, "weights has shape"),
        ({"weights": torch.tensor([1.0, -1, 0, 0])}, "at least 0"),
        ({"weights": torch.zeros(4)}, "not all 0"),
        ({"rank": 6}, "rank is 6"),
        ({"rank": 0}, "rank is 0"),
        ({"X": torch.zeros(20, 9)}, "X has 9 columns"),
        ({"Y": torch.zeros(19, 5)}, "X has 20 samples, Y has 19"),
    ],
)
def test_refusals_by_name(changes, words):
    values = {"X": normal(0, 20, 16), "Y": normal(1, 20, 5), "rank": 2}
    values["matrices"] = rotations(4).matrices()
    with pytest.raises(UsageError, match=words):
        augmented_optimum_over(**{**values, **changes})
