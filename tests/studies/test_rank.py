"""The study behind linear/rank: when the bound is free, and training below and above."""

import numpy as np
import pytest

from invlib.errors import UsageError
from invlib.studies.linear.rank import STUDY, Rank
from invlib.studies.linear.rank_bound import RankBound, solve
from invlib.studies.linear.rank_descent import RankDescent, train
from invlib.studies.study import collect


def quiet(label, fraction):
    """No progress lines in tests."""


WAYS = {"constrained": 0.0, "augmented": 0.0, "regularized": 0.1}


@pytest.fixture(scope="module", params=[4, 8])
def by_way(request):
    return request.param, {
        way: solve(
            RankBound(side=request.param, samples=200, method=way, strength=s), [0, 1], quiet
        )
        for way, s in WAYS.items()
    }


def test_the_bound_is_free_from_the_rank_of_the_target_on(by_way):
    side, found = by_way
    orbits = side * side // 4
    for way, outcomes in found.items():
        needed = 9 if way == "regularized" else min(orbits, 9)
        for outcome in outcomes:
            assert outcome.metrics["target_rank"] == needed
            assert outcome.metrics["difference_unbounded"] < 1e-10
            assert (outcome.curves["difference"][: needed - 1] > 1e-6).all()
            assert outcome.metrics["difference_beyond"] < 1e-10


def test_more_rank_never_costs_loss_and_never_makes_more_invariant(by_way):
    _, found = by_way
    for outcomes in found.values():
        for outcome in outcomes:
            assert (np.diff(outcome.curves["loss"]) < 1e-12).all()
            assert (np.diff(outcome.curves["noninvariant"]) > -1e-9).all()


def test_hard_wiring_and_augmentation_agree_at_every_rank(by_way):
    _, found = by_way
    for one, other in zip(found["constrained"], found["augmented"], strict=True):
        np.testing.assert_allclose(one.curves["accuracy"], other.curves["accuracy"], atol=1e-9)
        assert other.curves["noninvariant"].max() < 1e-9


@pytest.mark.parametrize("hidden", [2, 9, 12])
def test_training_ends_at_the_closed_form_from_every_start(hidden):
    config = RankDescent(side=4, samples=200, method="constrained", hidden=hidden, epochs=800)
    for outcome in train(config, [0, 1], quiet):
        assert -1e-9 < outcome.metrics["lowest_gap"] <= outcome.metrics["highest_gap"] < 1e-3
        assert outcome.curves["gap"][0] > 0.01


def test_a_bound_of_rank_two_is_held_by_two_units():
    """The gap is to the optimum of the same rank: networks of rank 9 would be far below it."""
    two, nine = (
        solve(RankBound(side=4, samples=200, method="regularized", strength=0.01), [0], quiet)[
            0
        ].curves["loss"][r - 1]
        for r in (2, 9)
    )
    assert nine < 0.95 * two


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"sides": [4, 3]}, "side is 3; it must divide 8"),
        ({"widths": [100]}, "hidden is 100; it must be at most 64"),
        ({"samples": 5000}, "samples is 5000; digits has 1300"),
    ],
)
def test_what_cannot_be_is_refused_by_name(values, words, settings):
    with pytest.raises(UsageError, match=words):
        collect(STUDY, Rank(**values), settings)


def test_labels_are_unique_within_the_study():
    labels = [experiment.label(config) for experiment, config, _ in STUDY.plan(Rank())]
    assert len(set(labels)) == len(labels)
