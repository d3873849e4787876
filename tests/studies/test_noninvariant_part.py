"""The study of ‖W_⊥‖ on the digits, small: its curves, its controls, its sweeps and refusals."""

import numpy as np
import pytest

from invlib.errors import InvlibError, UsageError
from invlib.studies.linear.cross_term import CrossTerm, follow
from invlib.studies.linear.noninvariant_ledger import Ledger, keep_account, largest_rise
from invlib.studies.linear.noninvariant_part import NoninvariantPart, plan
from invlib.studies.linear.two_layer import TwoLayer, train
from invlib.training.ledger import ACCOUNTS


def quiet(label, fraction):
    """No progress lines in tests."""


def kept(seeds=(0,), **values):
    values = {"samples": 100, "epochs": 100, "observe_every": 10} | values
    return keep_account(Ledger(**values), list(seeds), quiet)


ADAM = {"rule": "adam", "learning_rate": 0.001}


def test_adam_with_accounts_follows_the_training_of_the_figures():
    outcomes = kept((0, 1), **ADAM)
    plain = train(TwoLayer(samples=100, epochs=100), [0, 1], quiet)
    for ours, theirs in zip(outcomes, plain, strict=True):
        for name in ("noninvariant_norm", "noninvariant_first_norm", "second_norm"):
            np.testing.assert_allclose(ours.curves[name], theirs.curves[name], rtol=1e-5)
        invariant = ours.curves["target_error"]
        np.testing.assert_allclose(invariant, theirs.curves["invariant_loss"], rtol=1e-5)
        assert ours.metrics["split_gap"] < 1e-14


@pytest.mark.parametrize("rule", [{}, ADAM, ADAM | {"rule": "shared_adam"}], ids=str)
def test_the_accounts_explain_the_curve(rule):
    (outcome,) = kept(**rule)
    norm = outcome.curves["noninvariant_norm"].astype(float)
    explained = sum(outcome.curves[name].astype(float) for name in ACCOUNTS)
    np.testing.assert_allclose(explained, norm**2 - norm[0] ** 2, atol=0.02)
    assert abs(outcome.metrics["unaccounted"]) < 0.02


def test_what_each_control_takes_away():
    (held,) = kept(hold_second=True)
    (aimless,) = kept(target=0.0)
    (small,) = kept(init_scale=0.3)
    assert held.metrics["largest_rise"] == aimless.metrics["largest_rise"] == 0
    assert held.metrics["second_by_target"] == 0
    assert small.metrics["largest_rise"] > 0.01
    assert small.metrics["one_way_rise"] == pytest.approx(small.metrics["largest_rise"], rel=0.05)
    assert "one_way_norm" not in held.metrics


def test_largest_rise_looks_back_for_the_lowest_point():
    curves = np.array([[3.0, 1.0, 2.5, 2.0, 2.4], [3.0, 2.0, 1.0, 1.0, 0.5]])
    np.testing.assert_array_equal(largest_rise(curves), [1.5, 0.0])


def test_labels_tell_the_trainings_of_a_notebook_apart():
    planned = plan(NoninvariantPart(balances=[0.0, 4.0], scales=[0.1, 0.3]))
    labels = [experiment.label(config) for experiment, config, _ in planned]
    assert len(set(labels)) == len(labels)
    assert {"descent", "descent+init=0.1", "descent+balance=0", "descent+held"} <= set(labels)
    assert {"adam", "shared_adam", "descent+rate=0.1", "split-regularized-0.1"} <= set(labels)


def test_a_sweep_holds_the_plain_training_and_changes_one_option():
    parameters = NoninvariantPart(balances=[0.1, 4.0])
    swept = parameters.sweep("descent", "balance")
    assert [ledger.balance for ledger in swept] == [0.1, 1.0, 4.0]
    assert {ledger.init_scale for ledger in swept} == {1.0}
    assert not any(ledger.hold_second or ledger.target != 1 for ledger in swept)
    assert len(parameters.sweep("shared_adam", "balance")) == 1


def test_the_parts_of_the_penalized_loss_add_up_and_balance_at_the_end():
    config = CrossTerm(samples=100, epochs=400, strength=0.1, learning_rate=0.01)
    (outcome,) = follow(config, [0], quiet)
    twin = TwoLayer(
        samples=100, epochs=400, method="regularized", strength=0.1, learning_rate=0.01,
        observe_every=50,
    )  # fmt: skip
    (plain,) = train(twin, [0], quiet)
    whole = sum(outcome.curves[name] for name in ("invariant_loss", "cross_term", "own_term"))
    np.testing.assert_allclose(whole, plain.curves["loss"], rtol=1e-4)
    assert (outcome.curves["own_term"] > 0).all()
    assert outcome.metrics["cross_term"] / outcome.metrics["own_term"] == pytest.approx(-2, abs=0.3)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"descent_rate": 0.0}, "descent_rate is 0.0"),
        ({"balances": [-1.0]}, r"balances\[0\] is -1.0"),
        ({"scales": []}, "scales is empty"),
        ({"hidden": 10}, "hidden is 10"),
        ({"strengths": [0.1, 0.1]}, "names a value twice"),
    ],
)
def test_wrong_parameters_are_refused_by_name(values, words):
    with pytest.raises(UsageError, match=words):
        NoninvariantPart(**values)


def test_steps_too_large_are_named():
    with pytest.raises(InvlibError, match="take smaller steps"):
        kept(learning_rate=1e3)
