"""Theorem 9: a path that jumps, in exact numbers and at random, and the path on images."""

from fractions import Fraction

import numpy as np
import pytest
import torch

from invlib.closed_form.path import regularized_path
from invlib.config import Config
from invlib.errors import UsageError
from invlib.studies.linear import crossing, path, path_maps
from invlib.studies.linear.regularization_path import STUDY, RegularizationPath
from invlib.studies.linear.steps import decades, largest_steps, relative_gap
from invlib.studies.linear.two_sensors import random_problems, smallest_problem
from invlib.studies.study import collect


def quiet(label, fraction):
    """No progress lines in tests."""


# The smallest problem, in fractions


def exact(strength: Fraction) -> tuple[list[list[Fraction]], list[list[Fraction]]]:
    """Z_reg Z_regᵀ and the unbounded optimum of the smallest problem, without rounding.

    X is the identity, so both follow from (I + n λ G Gᵀ)⁻¹, which acts on each swapped pair alone.
    """
    _, Y, group = smallest_problem()
    G = group.constraint()
    assert (G @ G.mT).tolist() == [[2, -2, 0, 0], [-2, 2, 0, 0], [0, 0, 2, -2], [0, 0, -2, 2]]
    rows = [[Fraction(int(y)) for y in row] for row in Y.mT.tolist()]
    a, b = 1 + 8 * strength, 8 * strength  # I + n λ G Gᵀ = [[a, −b], [−b, a]] on a pair
    determinant = a * a - b * b
    solved = [
        [(a * row[i] + b * row[i ^ 1]) / determinant for i in range(4)] for row in rows
    ]  # rows · (I + n λ G Gᵀ)⁻¹
    gram = [[sum(x * y for x, y in zip(u, v, strict=True)) for v in rows] for u in solved]
    return gram, solved


@pytest.mark.parametrize("k", [0, 1, 7, 47, 48, 49, 1000, 10**9])
def test_the_smallest_problem_has_the_singular_values_that_the_page_states(k):
    """Both sides are quotients of polynomials of degree 2 at most; eight points decide."""
    strength = Fraction(k, 48 * 48)
    gram, _ = exact(strength)
    assert gram == [[8, 0], [0, 2 + 8 / (1 + 16 * strength)]]
    assert gram[1][1] > 2  # full rank, whatever the strength


def test_it_jumps_where_they_are_equal_and_both_sides_are_the_pages():
    gram, solved = exact(Fraction(1, 48))
    assert gram[0][0] == gram[1][1] == 8
    assert solved == [[2, 2, 0, 0], [0, 0, Fraction(5, 2), Fraction(-1, 2)]]
    X, Y, group = smallest_problem()
    near = torch.tensor([(1 - 1e-9) / 48, (1 + 1e-9) / 48], dtype=torch.float64)
    below, above = regularized_path(X, Y, group).maps(near, 1)
    expected = torch.tensor([[0, 0, 0, 0], [0, 0, 2.5, -0.5]], dtype=torch.float64)
    torch.testing.assert_close(below, expected, atol=1e-8, rtol=0)
    expected = torch.tensor([[2, 2, 0, 0], [0, 0, 0, 0]], dtype=torch.float64)
    torch.testing.assert_close(above, expected, atol=1e-8, rtol=0)
    assert (above @ group.constraint()).norm() < 1e-12  # invariant at a finite strength


def test_all_other_assumptions_of_the_paper_hold():
    X, Y, group = smallest_problem()
    invariant = group.orbit_basis().shape[1]
    assert torch.linalg.matrix_rank(X) == 4
    assert invariant == 2  # d, above the rank bound 1
    inv = regularized_path(X, Y, group).singular_values(torch.tensor([float("inf")]))[0]
    torch.testing.assert_close(inv.square(), torch.tensor([8.0, 2.0], dtype=torch.float64))


# Random problems


@pytest.fixture(scope="module")
def crossings():
    """Outcomes by crosstalk, for seeds that the book does not use."""
    return {
        c: crossing.follow(crossing.Crossing(crosstalk=c), [101, 102], quiet) for c in (0.0, 0.1)
    }


def test_without_crosstalk_every_path_jumps_and_keeps_full_rank(crossings):
    for outcome in crossings[0.0]:
        numbers = outcome.metrics
        assert numbers["least_gap"] < 1e-9
        assert numbers["least_singular"] > 0.1
        assert numbers["step_256"] == pytest.approx(numbers["jump"], rel=0.02)
        assert outcome.curves["share"][:150].max() < 1e-6
        assert outcome.curves["share"][151:].min() > 1 - 1e-6


def test_with_crosstalk_none_does(crossings):
    for outcome in crossings[0.1]:
        assert outcome.metrics["least_gap"] > 1e-4
        assert outcome.metrics["jump"] < 1e-3
        assert outcome.metrics["step_256"] < 0.3 * outcome.metrics["step_64"]


def test_sensors_without_crosstalk_share_no_pixel_and_seeds_differ():
    X, Y, group = random_problems([0, 1], 0.0)
    half = group.pixels // 2
    assert (X[:, :10, half:] == 0).all()
    assert (X[:, 10:, :half] == 0).all()
    assert (Y[:, :10, 1] == 0).all()
    assert not torch.equal(X[0], X[1])
    assert torch.linalg.matrix_rank(X).tolist() == [group.pixels] * 2


# On images


def test_steps_shrink_with_the_grid_on_a_smooth_path():
    X, Y, group = random_problems([5], 3.0)
    steps = largest_steps(regularized_path(X, Y, group), 1, (-3, 3), [20, 40])[0]
    assert steps[1] / steps[0] == pytest.approx(0.5, abs=0.05)


def test_the_gap_of_a_map_that_keeps_all_is_one():
    values = torch.tensor([[4.0, 3.0, 1.0]])
    assert relative_gap(values, 3).tolist() == [1]
    assert relative_gap(values, 1).tolist() == [0.25]
    assert decades(-2, 1, 1).tolist() == pytest.approx([0.01, 0.1, 1, 10])


@pytest.fixture(scope="module")
def along():
    (outcome,) = path.follow(path.Path(samples=150, per_decade=2), [0], quiet)
    return outcome


def test_along_the_path_a_penalty_costs_what_it_buys(along):
    assert (np.diff(along.curves["invariance_error"]) <= 0).all()
    assert (np.diff(along.curves["loss"]) >= -1e-12).all()
    assert along.metrics["rises"] == 0
    assert along.curves["augmented_loss"][-1] == pytest.approx(along.metrics["inv_augmented_loss"])


def test_the_path_ends_at_the_hard_wired_optimum(along):
    numbers = along.metrics
    assert numbers["distance_limit"] < 1e-9
    assert numbers["distance_decade_before"] / numbers["distance_strongest"] == pytest.approx(
        10, rel=0.01
    )
    assert along.curves["accuracy"][-1] == pytest.approx(numbers["inv_accuracy"])


def test_the_maps_shown_are_those_of_the_path():
    shared = {"samples": 150, "per_decade": 1, "weakest": -2, "strongest": 1}
    (shown,) = path_maps.keep(path_maps.Maps(**shared), [0], quiet)
    (along,) = path.follow(path.Path(**shared), [0], quiet)
    norms = np.linalg.norm(shown.arrays["maps"], axis=(1, 2))
    np.testing.assert_allclose(norms, along.curves["norm"], rtol=1e-5)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"strongest": -5}, "strongest is -5; it must be at least two decades"),
        ({"crosstalk": [0.1]}, r"crosstalk is \[0.1\]; it must list 0"),
        ({"hidden": 10}, "hidden is 10"),
    ],
)
def test_parameters_that_do_not_fit_are_refused_by_name(values, words):
    with pytest.raises(UsageError, match=words):
        RegularizationPath(**values)


def test_the_study_plans_images_maps_and_crossings(settings):
    parameters = RegularizationPath(samples=60, per_decade=1, crosstalk=[0.0, 1.0], seeds=2)
    assert isinstance(parameters, Config)
    runs = collect(STUDY, parameters, settings)
    assert sorted(runs.frame()["label"].value_counts().items()) == [
        ("crosstalk-0", 2),
        ("crosstalk-1", 2),
        ("maps", 1),
        ("path", 2),
    ]
