"""The study of other architectures: what it plans, trains and measures, and what it refuses."""

from collections import Counter

import pytest
import torch

from invlib.data.manifest import read as read_manifest
from invlib.errors import UsageError
from invlib.settings import Settings
from invlib.studies.genuine.architecture import EXPERIMENT
from invlib.studies.genuine.architecture_networks import FAMILIES, Architecture, build, parameters
from invlib.studies.genuine.architectures import Architectures, plan
from invlib.studies.genuine.sample import CLASSES, GROUPS, prepare
from invlib.training.seeds import stream

TINY = {"train": 40, "validation": 20, "test": 20, "batch": 20, "epochs": 2, "width": 8}
KINDS = [(family, "DA", "R4") for family in FAMILIES] + [
    ("cnn", "hard", "R4"),
    ("mlp", "hard", "R4"),
    ("mlp", "hard", "T3"),
]


@pytest.mark.parametrize(("family", "method", "group"), KINDS)
def test_networks_have_the_right_shape_and_hard_wired_ones_are_invariant(family, method, group):
    config = Architecture(**TINY, family=family, method=method, group=group)
    parts = prepare(config, 0)
    network = build(config, parts, [stream(seed, "init") for seed in (0, 1)])
    elements = GROUPS[group](parts.side)
    x = parts.normalize(parts.test.pixels[:5]).expand(2, -1, -1)
    still = network(network.encode(x))
    moved = network(network.encode(elements.act(x, 1)))
    assert still.shape == (2, 5, CLASSES)
    assert torch.allclose(still, moved, atol=1e-5) == (method == "hard")
    assert bool(getattr(network, "invariant", False)) == (method == "hard")
    assert parameters(network) == sum(p.numel() for p in network.parameters()) / 2


def test_the_perceptrons_have_the_papers_number_of_weights():
    for family in ("mlp", "residual"):
        config = Architecture(**TINY | {"width": 128}, padding=14, family=family)  # 36 x 36
        network = build(config, prepare(config, 0), [stream(0, "init")])
        assert parameters(network) == 232_576


@pytest.fixture
def local(tmp_path, monkeypatch):
    """Trained networks are kept in a folder of this test's own."""
    settings = Settings(runs_dir=tmp_path)
    monkeypatch.setattr("invlib.studies.genuine.training.from_environment", lambda: settings)


@pytest.mark.parametrize("method", ["DA", "IR"])
def test_a_run_measures_and_follows_what_the_page_shows(local, method):
    strength = 1.0 if method == "IR" else 0.0
    config = Architecture(**TINY, method=method, strength=strength, followed=5)
    (outcome,) = EXPERIMENT.run(config, [0], lambda label, fraction: None)
    outcome.refuse_non_finite("test")
    assert outcome.metrics["LI"] > 0
    assert 0 <= outcome.metrics["accuracy"] <= 1
    assert -1 <= outcome.metrics["SI"] <= 1
    assert list(outcome.curves["epoch"]) == [1, 2]
    assert set(outcome.curves) == {"epoch", "accuracy", "LI", "DI", "SI", "sigma_max"}
    assert set(outcome.metrics) > set(outcome.curves) - {"epoch"}


def test_hard_wired_networks_measure_as_such(local):
    config = Architecture(**TINY, family="cnn", method="hard")
    (outcome,) = EXPERIMENT.run(config, [0], lambda label, fraction: None)
    assert outcome.metrics["LI"] < 1e-9
    assert outcome.metrics["SI"] == pytest.approx(1, abs=1e-6)
    assert outcome.curves == {}


def test_the_plan_names_every_network_once():
    study = Architectures(
        families=FAMILIES,
        shifted=("mlp", "cnn"),
        strengths=(0.3, 3.0),
        optimizers=("sgd", "adamw"),
    )
    configs = [config for _, config, seeds in plan(study) if list(seeds) == [0]]
    labels = Counter(config.label for config in configs)
    assert max(labels.values()) == 1
    # 6 families x 3 strengths, 2 followed, 2 x 2 optimizers, 2 x 2 shifted, 3 hard-wired
    assert len(labels) == 18 + 2 + 4 + 4 + 3
    assert {"R4-cnn-hard", "T3-mlp-hard", "R4-mlp-IR-3+sgd", "R4-mlp-DA+followed"} <= set(labels)
    long = {c.label for c in configs if c.epochs == study.late_epochs}
    assert long == {"R4-mlp-DA+followed", "R4-mlp-IR-3+followed"}
    rates = {c.learning_rate for c in configs if c.optimizer == "sgd"}
    assert rates == {study.sgd_learning_rate}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"families": ["cnn"]}, r"families is \['cnn'\]; it must list mlp"),
        ({"late_epochs": 8}, "late_epochs is 8; it must be above epochs, 8"),
        ({"batch": 301}, "batch is 301; it must be at most train, 300"),
        ({"families": ["mlp", "cmn"]}, "Did you mean 'cnn'"),
        ({"strengths": [0.0]}, r"strengths\[0\] is 0.0; it must be at least"),
    ],
)
def test_the_notebook_refuses_by_name(values, words):
    with pytest.raises(UsageError, match=words):
        Architectures(**values)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"method": "IR"}, "strength is 0; for method IR it must be above 0"),
        ({"strength": 1.0}, "strength is 1; for method DA it must be 0"),
        ({"method": "hard", "family": "deep"}, "method is 'hard' for family deep"),
        ({"method": "hard", "family": "cnn", "group": "T3"}, "family cnn and group T3"),
    ],
)
def test_a_network_refuses_by_name(values, words):
    with pytest.raises(UsageError, match=words):
        Architecture(**values)


def test_a_side_that_the_cnn_cannot_halve_is_refused_before_anything_is_loaded():
    manifest = read_manifest("digits", Settings())
    with pytest.raises(UsageError, match="padding is 5: the images are 18 pixels wide"):
        Architectures(padding=5).check_against(manifest)
    Architectures(padding=5, families=["mlp"]).check_against(manifest)
