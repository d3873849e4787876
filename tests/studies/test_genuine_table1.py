"""What stands beside Table 1: other poolings of WT, and networks that have learned nothing."""

from collections import Counter

import pandas as pd
import pytest

from invlib.models.pooled import PooledMLP
from invlib.settings import Settings
from invlib.studies.genuine import pooled_measured, pooled_networks, untrained
from invlib.studies.genuine.networks import Network
from invlib.studies.genuine.pooled_networks import Pooled
from invlib.studies.genuine.sample import prepare
from invlib.studies.genuine.table1 import Table1, plan
from invlib.studies.study import Runs
from invlib.tables.genuine.table1 import final_runs
from invlib.training.seeds import stream

TINY = {"train": 40, "validation": 10, "test": 20, "epochs": 2, "batch": 20, "width": 8}


def quiet(label, fraction):
    """Nobody is told how far it got."""


def test_a_pooled_network_is_trained_and_as_invariant_as_wt(tmp_path, monkeypatch):
    settings = Settings(runs_dir=tmp_path)
    monkeypatch.setattr("invlib.studies.genuine.training.from_environment", lambda: settings)
    (outcome,) = pooled_measured.EXPERIMENT.run(Pooled(**TINY, pooling="max"), [0], quiet)
    assert outcome.metrics["LI"] < 1e-9
    assert outcome.metrics["SI"] == pytest.approx(1, abs=1e-5)
    assert outcome.metrics["best_epoch"] in (1, 2)


def test_random_weights_are_measured_as_trained_ones_are():
    config = Network(**TINY)
    (outcome,) = untrained.EXPERIMENT.run(config, [0], quiet)
    (again,) = untrained.EXPERIMENT.run(config, [0], quiet)
    assert outcome.metrics == again.metrics
    assert outcome.metrics.keys() == {"accuracy", "LI", "DI", "SI", "sigma_max"}
    assert 0 < outcome.metrics["LI"] < 1e-2
    assert untrained.EXPERIMENT.label(config) == "digits-R4-random"


def test_the_plan_adds_poolings_on_one_data_set_and_random_weights_on_both():
    asked = Table1(
        dataset="mnist", other_dataset="fashion_mnist", padding=4, seeds=6, other_seeds=4
    )
    work = Counter((e.name, config.dataset) for e, config, _ in plan(asked))
    assert work["genuine/pooled", "mnist"] == 2 * 4  # four seeds at most
    assert ("genuine/pooled", "fashion_mnist") not in work
    assert work["genuine/untrained", "mnist"] == 2 * 6
    assert work["genuine/untrained", "fashion_mnist"] == 2 * 4
    search = 2 * len(asked.strengths) * asked.search_seeds
    assert work["genuine/network", "mnist"] == 2 * 2 * 6 + search
    assert work["genuine/network", "fashion_mnist"] == 2 * 2 * 4 + search


def test_the_table_takes_neither_for_a_row_of_its_own(monkeypatch):
    labels = ["mnist-R4-DA", "mnist-R4-IR", "mnist-R4-IR-3", "mnist-R4-random", "mnist-R4-WT+max"]
    monkeypatch.setattr(Runs, "frame", lambda self: pd.DataFrame({"label": labels}))
    assert list(final_runs(Runs([], Table1()))["label"]) == labels[:2]


def test_the_pooled_network_has_the_weights_of_wt():
    config = Pooled(**TINY, pooling="before")
    network = pooled_networks.build(config, prepare(config, 0), [stream(0, "init")])
    assert isinstance(network, PooledMLP)
    assert network.invariant
    assert network.weights[0].shape == (1, 8, 144)
