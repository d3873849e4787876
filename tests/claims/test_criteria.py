"""The six kinds of criterion and the one verdict rule, on records made by hand."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hand_made import known, runs
from hypothesis import given
from hypothesis import strategies as st

from invlib.claims.claim import Claim
from invlib.claims.criteria import KINDS, parse_criterion
from invlib.claims.legs import legs_of
from invlib.claims.verdict import judge, outcome
from invlib.config import Config
from invlib.errors import InvlibError
from invlib.studies.study import Runs

A = {"label": "a", "metric": "value"}
B = {"label": "b", "metric": "value"}
CURVE = {"label": "a", "curve": "curve"}


def verdict(criterion: dict, data: Runs, paper: float | None = None):
    parsed = parse_criterion(criterion, paper)
    return judge(Claim("id", "Fig. 1", "It is so.", paper, "toy", parsed), data)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.5] * 10, "reproduced"),
        ([0.5] * 8 + [0.7] * 2, "reproduced"),  # mean 0.54, 80 % of the seeds
        ([0.5] * 7 + [0.65] * 3, "partly"),  # mean 0.545 holds, only 70 % of the seeds
        ([0.3, 0.7], "partly"),  # the mean holds, no seed does
        ([0.5] * 5 + [1.0] * 5, "partly"),  # half of the seeds hold, the mean does not
        ([0.5] * 4 + [1.0] * 6, "not reproduced"),
        ([0.9], "not reproduced"),
    ],
)
def test_value_within_tolerance(values, expected):
    criterion = {"kind": "value", "quantity": A, "tolerance": 0.05}
    found = verdict(criterion, runs(a=values), paper=0.5)
    assert found.outcome == expected
    assert found.seeds == len(values)


def test_the_spread_is_that_over_seeds():
    found = verdict({"kind": "value", "quantity": A, "tolerance": 1}, runs(a=[1, 2, 3]), paper=2)
    assert found.measured == "2.000\u00a0±\u00a01.000"
    alone = verdict({"kind": "value", "quantity": A, "tolerance": 1}, runs(a=[1]), paper=1)
    assert alone.measured == "1.000"


@pytest.mark.parametrize(
    ("margin", "expected"), [(0.0, "reproduced"), (0.05, "reproduced"), (0.2, "not reproduced")]
)
def test_ordering_with_a_margin(margin, expected):
    criterion = {"kind": "ordering", "increasing": [A, B], "margin": margin}
    assert verdict(criterion, runs(a=[0.1, 0.2], b=[0.2, 0.3])).outcome == expected
    assert verdict(criterion, runs(b=[0.1, 0.2], a=[0.2, 0.3])).outcome == "not reproduced"


def test_equal_values_are_not_ordered():
    criterion = {"kind": "ordering", "increasing": [A, B]}
    assert verdict(criterion, runs(a=[1.0], b=[1.0])).outcome == "not reproduced"


def test_ratio_is_of_the_means_and_per_seed():
    criterion = {"kind": "ratio", "of": A, "to": B, "between": [1.9, 2.1]}
    assert verdict(criterion, runs(a=[2, 4], b=[1, 2])).outcome == "reproduced"
    assert verdict(criterion, runs(a=[1, 5], b=[1, 2])).outcome == "partly"  # 6 / 3 on the mean
    assert verdict(criterion, runs(a=[1.0], b=[0.0])).outcome == "not reproduced"


def test_bound():
    low = {"kind": "bound", "quantity": A, "at_least": 0.9}
    both = {"kind": "bound", "quantity": A, "at_least": 0.9, "at_most": 1.0}
    assert verdict(low, runs(a=[0.95, 2.0])).outcome == "reproduced"
    assert verdict(both, runs(a=[0.95, 2.0])).outcome == "partly"
    assert verdict(low, runs(a=[0.1])).outcome == "not reproduced"


@pytest.mark.parametrize(
    ("curve", "up", "down"),
    [
        ((1, 2, 3, 4), "reproduced", "not reproduced"),
        ((4, 3, 2, 1), "not reproduced", "reproduced"),
        ((1, 1, 1, 1), "not reproduced", "not reproduced"),
        ((1, 3, 2, 4), "not reproduced", "not reproduced"),  # 0.8 of rank correlation
    ],
)
def test_trend(curve, up, down):
    data = Runs([known("a", seed, 0.0, curve) for seed in range(3)], Config())
    for direction, expected in (("up", up), ("down", down)):
        criterion = {
            "kind": "trend",
            "label": "a",
            "curve": "curve",
            "direction": direction,
            "correlation": 0.9,
            "last": 30,
        }
        assert verdict(criterion, data).outcome == expected


@pytest.mark.parametrize(
    ("curve", "legs"),
    [
        ((5, 1, 4, 2), "down, up, down"),
        ((5, 1, 1.5, 1, 4, 3.5, 2), "down, up, down"),  # 0.5 is noise
        ((5, 4, 3), "down"),
        ((3, 3.5, 3), ""),
        ((1, 2, 1), "up, down"),
        ((3, 2.5, 3.6, 2), "up, down"),  # up from the lowest point, not from the first
    ],
)
def test_turns_counts_rises_and_falls_of_some_size(curve, legs):
    assert legs_of(np.array(curve, float), 1.0) == legs
    data = Runs([known("a", seed, 0.0, curve) for seed in range(3)], Config())
    for wanted in ("down, up, down", "down", "up, down"):
        criterion = {"kind": "turns", "label": "a", "curve": "curve", "legs": wanted, "by": 1.0}
        expected = "reproduced" if wanted == legs else "not reproduced"
        found = verdict(criterion, data)
        assert found.outcome == expected
        assert found.measured == f"{legs or 'flat'} (3\u00a0of\u00a03)"


@given(st.lists(st.floats(-10, 10), min_size=1, max_size=30), st.floats(0.1, 5))
def test_turns_come_in_turn_and_turn_over_with_the_curve(values, by):
    legs = legs_of(np.array(values), by).split(", ")
    assert all(a != b for a, b in pairwise(legs))
    turned = {"up": "down", "down": "up", "": ""}
    assert legs_of(-np.array(values), by).split(", ") == [turned[leg] for leg in legs]


def test_a_curve_is_read_at_an_epoch_that_it_has():
    quantity = {"label": "a", "curve": "curve", "at": 10}
    data = Runs([known("a", 0, 0.0, (0.2, 0.7))], Config())
    criterion = {"kind": "bound", "quantity": quantity, "at_least": 0.5}
    assert verdict(criterion, data).measured == "0.700"
    criterion["quantity"]["at"] = 15
    with pytest.raises(InvlibError, match="no point at epoch 15"):
        verdict(criterion, data)


def test_no_runs_no_verdict_and_stale_runs_are_marked():
    criterion = parse_criterion({"kind": "bound", "quantity": A, "at_least": 0}, None)
    claim = Claim("id", "Fig. 1", "It is so.", None, "toy", criterion)
    assert judge(claim, None).outcome == "not run"
    old = Runs([known("a", 0, 1.0, stale=True)], Config())
    assert judge(claim, old).stale


@pytest.mark.parametrize(
    ("criterion", "words"),
    [
        ({"kind": "vale", "quantity": A, "tolerance": 1}, "Did you mean 'value'"),
        ({"kind": "value", "quantity": A, "tolerance": 1}, "needs the paper's number"),
        ({"kind": "bound", "quantity": A}, "at_least or at_most"),
        ({"kind": "bound", "quantity": {"label": "a"}, "at_least": 0}, "a metric or a curve"),
        ({"kind": "bound", "quantity": {"metric": "value"}, "at_least": 0}, "label is missing"),
        ({"kind": "bound", "quantity": A, "at_lest": 0}, "Did you mean 'at_least'"),
        ({"kind": "ratio", "of": A, "to": B, "between": [2, 1]}, "between is"),
        ({"kind": "ordering"}, "increasing is missing"),
        ({"kind": "turns", **CURVE, "legs": "up, up", "by": 1}, "up and down in turn"),
        ({"kind": "turns", **CURVE, "legs": "left", "by": 1}, "up and down in turn"),
        ({"kind": "turns", **CURVE, "legs": "up", "by": 0}, "by is 0"),
    ],
)
def test_a_criterion_that_says_nothing_is_refused(criterion, words):
    with pytest.raises(InvlibError, match=words):
        parse_criterion(criterion, None)


def test_a_label_without_runs_is_refused_with_the_labels_there_are():
    with pytest.raises(InvlibError, match="no runs are labelled 'a'; there are: b"):
        verdict({"kind": "bound", "quantity": A, "at_least": 0}, runs(b=[1.0]))


def test_a_label_that_two_experiments_give_is_refused():
    own, other = known("a", 0, 1.0), known("a", 0, 2.0)
    other = replace(
        other, record=replace(other.record, run=replace(other.record.run, experiment="x"))
    )
    with pytest.raises(InvlibError, match="runs of toy and of x are labelled 'a'"):
        verdict({"kind": "bound", "quantity": A, "at_least": 0}, Runs([own, other], Config()))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12), st.floats(0, 1))
def test_a_stricter_bound_never_gives_a_better_verdict(values, bound):
    order = ["not reproduced", "partly", "reproduced"]
    data = np.array(values)[:, None]
    loose = KINDS["bound"].parse({"quantity": A, "at_least": bound})
    strict = KINDS["bound"].parse({"quantity": A, "at_least": bound + 0.1})
    assert order.index(outcome(strict, data)) <= order.index(outcome(loose, data))
