"""The study behind linear/closed_forms: brute force, digits, and the literal targets of Fig. 5."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from invlib.closed_form import constrained_singular_values, regularized_singular_values
from invlib.errors import UsageError
from invlib.groups import flips, rotations
from invlib.studies.linear.closed_form_check import Check, check
from invlib.studies.linear.closed_forms import STUDY, ClosedForms
from invlib.studies.linear.literal import Literal, interlaced
from invlib.studies.linear.precision import (
    Precision,
    by_inverse_square_roots,
    draw,
    exact,
    measure,
    relative_error,
)
from invlib.studies.linear.sample import training_subsets
from invlib.studies.linear.targets import PAPER, TREATMENTS, Targets, constrained_treatments, solve
from invlib.studies.study import collect


def quiet(label, fraction):
    """No progress lines in tests."""


@pytest.fixture(scope="module")
def checked():
    return check(Check(side=4, samples=200, strengths=[0.01], starts=4), [0, 1], quiet)


def test_brute_force_neither_gets_below_nor_stays_above(checked):
    for outcome in checked:
        assert outcome.metrics["lowest_gap"] > -1e-12
        assert outcome.metrics["highest_gap"] < 1e-6
        assert outcome.metrics["highest_gap"] >= outcome.metrics["best_gap"]


def test_a_wrong_optimum_would_be_noticed(monkeypatch):
    """The gap is not small by construction: against a truncated optimum it is far below zero."""
    from invlib.studies.linear import closed_form_check

    right = closed_form_check.optimum
    monkeypatch.setattr(closed_form_check, "optimum", lambda *given: 0.99 * right(*given))
    (outcome,) = check(Check(side=4, samples=200, strengths=[0.01], starts=2), [0], quiet)
    assert outcome.metrics["lowest_gap"] < -1e-6


def test_the_path_falls_with_slope_minus_one(checked):
    for outcome in checked:
        assert outcome.metrics["path_slope"] == pytest.approx(-1, abs=1e-3)
        assert outcome.curves["distance"].shape == outcome.curves["exponent"].shape
        assert (np.diff(outcome.curves["distance"][10:]) < 0).all()


def test_on_small_images_the_target_has_as_many_values_as_there_are_orbits(checked):
    assert {o.metrics["rank_inv"] for o in checked} == {4}
    assert {o.metrics["rank_reg"] for o in checked} == {9}


def test_the_printed_formula_is_right_where_nothing_is_ill_conditioned():
    X, Y, group = draw(0, 3)
    assert (
        relative_error(by_inverse_square_roots(X, Y, group, 0.1), exact(X, Y, group, 0.1)) < 1e-12
    )


def test_the_printed_formula_loses_all_digits_and_the_library_keeps_them():
    (outcome,) = measure(Precision(decades=5, every=6), [3], quiet)
    assert outcome.curves["exponent"].tolist() == [-8, -2, 4, 10]
    assert outcome.metrics["written_worst"] > 0.1
    assert outcome.metrics["library_worst"] < 1e-10


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10**6), st.sampled_from([rotations(3), flips(3), rotations(3, order=2)]))
def test_the_literal_targets_are_the_librarys_where_the_inverse_exists(seed, group):
    generator = torch.Generator().manual_seed(seed)
    X = torch.randn(2, 40, 9, generator=generator, dtype=torch.float64)
    Y = torch.randn(2, 40, 4, generator=generator, dtype=torch.float64)
    G, orbits = group.constraint(), group.orbit_basis().shape[1]
    pairs = list(zip(X, Y, strict=True))
    wanted = torch.stack([constrained_singular_values(x, y, group) for x, y in pairs])
    penalized = torch.stack([regularized_singular_values(x, y, group, 0.3) for x, y in pairs])
    for literal in (
        Literal.with_jitter(X, Y, G, 0.0),
        Literal.with_pseudo_inverse(X, Y, G),
    ):
        values, rank = literal.constrained()
        torch.testing.assert_close(values, wanted, rtol=0, atol=1e-9)
        torch.testing.assert_close(rank, torch.full_like(rank, orbits), rtol=0, atol=1e-9)
        torch.testing.assert_close(
            literal.constrained_leaving_out(0, orbits), wanted, rtol=0, atol=1e-9
        )
        torch.testing.assert_close(literal.regularized([40 * 0.3])[0], penalized)
        assert interlaced(literal.constrained_leaving_out(1, orbits), wanted).all()


def test_what_interlaces():
    larger = torch.tensor([3.0, 2.0, 1.0])
    assert interlaced(larger, torch.tensor([2.5, 1.5, 0.5]))
    assert not interlaced(larger, torch.tensor([2.5, 2.1, 0.5]))
    assert not interlaced(larger, torch.tensor([1.9, 1.5, 0.5]))


def test_the_papers_values_interlace_and_break_an_order_that_must_hold():
    inv, da, reg = (torch.tensor(PAPER[name]) for name in ("inv", "da", "reg"))
    assert interlaced(inv, da / 2)
    assert (inv > da / 2).all()
    assert (reg < inv).tolist() == [True, True] + [False] * 7
    assert (reg > da / 2).all()


def test_a_singular_second_moment_and_its_treatments():
    group = rotations(8)
    X, Y = training_subsets(Targets(samples=200), [0, 1])
    found, extra = constrained_treatments(X, Y, group)
    assert tuple(found) == TREATMENTS
    torch.testing.assert_close(found["jitter"], found["least_norm"], rtol=0, atol=1e-4)
    assert (found["pseudo_inverse"] <= found["least_norm"] + 1e-9).all()
    assert not torch.allclose(found["pseudo_inverse"], found["least_norm"], atol=1e-2)
    assert interlaced(found["left_out_1"], found["least_norm"]).all()
    assert extra["jitter"].abs().max() < 1e-3


def test_outcomes_of_the_targets_hold_all_treatments():
    (outcome,) = solve(Targets(samples=100), [0], quiet)
    assert outcome.arrays["inv"].shape == (len(TREATMENTS), 9)
    assert outcome.metrics["inv_sixth"] == pytest.approx(outcome.metrics["half_da_sixth"])


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"sides": [3]}, "side is 3; it must divide 8"),
        ({"samples": 5000}, "samples is 5000; digits has 1300"),
        ({"sides": []}, "sides is empty"),
        ({"hidden": 10}, "hidden is 10; it must be at most 9"),
        ({"decades": [-1]}, r"decades\[0\] is -1"),
    ],
)
def test_what_cannot_be_is_refused_by_name(values, words, settings):
    with pytest.raises(UsageError, match=words):
        collect(STUDY, ClosedForms(**values), settings)


def test_labels_are_unique_within_the_study():
    labels = [experiment.label(config) for experiment, config, _ in STUDY.plan(ClosedForms())]
    assert len(set(labels)) == len(labels)
