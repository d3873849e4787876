"""The networks of paper genuine on digits: data, memory, measures, the search for ν."""

from dataclasses import replace

import pandas as pd
import pytest
import torch

from invlib.data.manifest import read as read_manifest
from invlib.errors import UsageError
from invlib.methods.invariance_penalties import PENALTIES
from invlib.settings import from_environment
from invlib.studies.genuine import networks as module
from invlib.studies.genuine.measured import measure
from invlib.studies.genuine.networks import Network, networks
from invlib.studies.genuine.sample import Sample, prepare
from invlib.studies.genuine.strength_search import choose, similarities
from invlib.studies.genuine.table1 import STUDY, Table1
from invlib.studies.study import batches, collect
from invlib.tables.genuine.table1 import final_runs, search_table, table1

SMALL = {"train": 120, "validation": 60, "test": 60, "epochs": 3, "width": 16}


def quiet(label, fraction):
    """No progress lines in tests."""


@pytest.fixture
def own_runs(tmp_path, monkeypatch):
    monkeypatch.setenv("INVLIB_RUNS", str(tmp_path))
    monkeypatch.setenv("INVLIB_PUBLISHED", str(tmp_path / "published"))
    return tmp_path


# Images


def test_parts_are_disjoint_padded_and_without_the_class_left_out():
    sample = Sample(train=300, validation=100, test=300)
    parts = prepare(sample, seed=0)
    sizes = [len(p.labels) for p in (parts.train, parts.validation, parts.test)]
    assert sizes == [300, 100, 300]
    assert parts.side == 12
    for part in (parts.train, parts.validation, parts.test):
        image = part.pixels.view(-1, 12, 12)
        assert image[:, :2].abs().max() == image[:, :, -2:].abs().max() == 0
        assert 0 <= part.pixels.min() <= part.pixels.max() <= 1
        assert part.labels.max() < 9
    seen = parts.normalize(parts.train.pixels).double()
    assert abs(float(seen.mean())) < 1e-5
    assert float(seen.std(correction=0)) == pytest.approx(1, abs=1e-5)


def test_each_seed_draws_its_own_split():
    a, b = (prepare(Sample(), seed).train.pixels for seed in (0, 1))
    assert not torch.equal(a, b)
    assert torch.equal(a, prepare(Sample(), 0).train.pixels)


def test_more_images_than_there_are_are_refused():
    manifest = read_manifest("digits", from_environment())
    with pytest.raises(UsageError, match="ask for 5200 images; digits has"):
        Sample(train=5000, validation=100, test=100).check_against(manifest)


def test_a_padding_that_three_does_not_divide_is_refused():
    manifest = read_manifest("digits", from_environment())
    with pytest.raises(UsageError, match="padding is 3: the images are 14 pixels wide"):
        Sample(padding=3).check_against(manifest)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"method": "IR"}, "strength is 0; for method IR it must be above 0"),
        ({"strength": 1.0}, "strength is 1; for method DA it must be 0"),
        ({"method": "IR", "strength": -1.0}, "strength is -1.0"),
        ({"method": "IR", "strength": float("nan")}, "strength is nan"),
        ({"epochs": 0}, "epochs is 0"),
        ({"train": 10}, "batch is 64; it must be at most train, 10"),
        ({"group": "R3"}, "R3"),
        ({"method": "WTF"}, "WTF"),
    ],
)
def test_bad_parameters_are_refused_by_name(changes, said):
    with pytest.raises(UsageError, match=said):
        Network(**changes)


# Networks


def test_a_network_is_trained_once_and_recalled_after(own_runs, monkeypatch):
    config = Network(**SMALL)
    (first,) = networks(config, [0])
    monkeypatch.setattr("invlib.studies.genuine.training._train", None)  # would raise
    (again,) = networks(config, [0])
    x = again.parts.normalize(again.parts.test.pixels)
    assert torch.equal(first.logits(x), again.logits(x))
    assert set(first.curves) == set(again.curves)
    assert not list(own_runs.rglob("*.checkpoint"))


def test_another_strength_is_another_network(own_runs):
    one, two = (networks(Network(**SMALL, method="IR", strength=s), [0])[0] for s in (1.0, 2.0))
    assert not torch.equal(one.network.weights[0], two.network.weights[0])


@pytest.mark.parametrize("method", ["DA", "WT", "IR", "KL", "L2N"])
def test_the_measures_of_each_method(own_runs, method):
    strength = 1.0 if method in module.REGULARIZED else 0.0
    (outcome,) = measure(Network(**SMALL, method=method, strength=strength), [0], quiet)
    metrics = outcome.metrics
    assert 0 <= metrics["accuracy"] <= 1
    assert -1 <= metrics["SI"] <= 1 + 1e-9
    epochs = outcome.curves["epoch"]
    assert epochs.tolist() == [1, 2, 3]
    assert all(len(values) == len(epochs) for values in outcome.curves.values())
    assert {f"norm_{layer}" for layer in range(1, 7)} <= set(outcome.curves)
    if method == "WT":
        assert metrics["LI"] < 1e-8
        assert metrics["DI"] < 1e-8
        assert metrics["SI"] > 0.99


def test_pixels_and_normalized_images_are_two_ways_to_ask_the_same(own_runs):
    (one,) = networks(Network(**SMALL), [0])
    pixels = one.parts.test.pixels
    assert torch.equal(one.on_pixels(pixels), one.logits(one.parts.normalize(pixels)))


@pytest.mark.parametrize("name", PENALTIES)
def test_penalties_vanish_on_equal_logits_and_on_no_others(name):
    generator = torch.Generator().manual_seed(0)
    a = torch.randn(2, 50, 9, generator=generator, dtype=torch.float64)
    b = torch.randn(2, 50, 9, generator=generator, dtype=torch.float64)
    penalty = PENALTIES[name]
    assert penalty(a, b).shape == (2, 50)
    assert penalty(a, a).abs().max() < 1e-12
    assert penalty(a, b).min() > 0


def test_the_l2_penalty_is_li_and_the_kl_penalty_is_di(own_runs):
    from invlib.metrics import logit_invariance_error, predictive_invariance_error

    (one,) = networks(Network(**SMALL), [0])
    x = one.parts.normalize(one.parts.test.pixels)
    a = one.logits(x).double()
    for name, metric in (("l2", logit_invariance_error), ("kl", predictive_invariance_error)):
        pairs = [PENALTIES[name](a, one.logits(one.group.act(x, k)).double()) for k in (1, 2, 3)]
        assert float(torch.stack(pairs).mean()) == pytest.approx(metric(one.logits, x, one.group))


# The search


@pytest.mark.parametrize(
    ("seen", "picked"),
    [
        ({0.1: 0.5, 1.0: 0.96, 10.0: 0.99}, 1.0),  # the weakest that reaches the target
        ({0.1: 0.96, 1.0: 0.94, 10.0: 0.97}, 0.1),
        ({0.1: 0.5, 1.0: 0.9, 10.0: 0.8}, 1.0),  # none does: the one that comes closest
        ({0.1: 0.9, 1.0: 0.9}, 0.1),
    ],
)
def test_the_rule_of_the_search(seen, picked):
    assert choose(seen) == picked


def test_the_second_stage_trains_what_the_search_chose(own_runs):
    parameters = Table1(**SMALL, strengths=(0.5, 5.0), seeds=2)
    settings = from_environment()
    first = batches(STUDY, parameters, settings)
    networks = [b for b in first if b.runs[0].experiment == "genuine/network"]
    assert len(networks) == 2 * (2 * 2 + 2)  # two groups: DA and WT for two seeds, two strengths
    runs = collect(STUDY, parameters, settings)
    assert len(batches(STUDY, parameters, settings)) == len(first) + 4
    table = similarities(runs)
    final = final_runs(runs)
    for group in ("R4", "T3"):
        own = table[table["group"] == group]
        seen = own.set_index("strength")["validation_SI"].to_dict()
        regularized = final[(final["group"] == group) & (final["method"] == "IR")]
        assert set(regularized["strength"]) == {choose(seen)}
        assert sorted(regularized["seed"]) == [0, 1]
    assert len(table1(runs, "digits", paper=True)) == 2 * (3 * 2 + 1)  # and random weights
    assert isinstance(search_table(runs), pd.DataFrame)


def test_stage_two_is_unknown_until_stage_one_is_there(own_runs):
    never = replace(from_environment(), compute="never")
    parameters = Table1(**SMALL, strengths=(0.5,), seeds=1)
    first = {"genuine/network", "genuine/pooled", "genuine/untrained"}
    assert {b.runs[0].experiment for b in batches(STUDY, parameters, never)} == first
