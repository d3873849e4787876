"""Completing a study: only what is missing is computed, by any executor."""

import concurrent.futures
import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

from invlib.engine.complete import complete
from invlib.errors import InvlibError
from invlib.experiment import Outcome
from invlib.records.memo import local_store

NAME = "toy_study"


@pytest.fixture
def toy(monkeypatch):
    """The toy study as an importable module."""
    path = Path(__file__).with_name("toy_study.py")
    spec = importlib.util.spec_from_file_location(NAME, path)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, NAME, module)
    spec.loader.exec_module(module)
    return module


def test_only_missing_records_are_written(toy, settings):
    work = toy.batches(settings, 0.0)
    assert complete(work, settings) == 18
    assert complete(work, settings) == 0
    gone = work[2].runs[1]
    local_store(settings).remove(gone)
    assert complete(work, settings) == 1
    assert local_store(settings).read(gone) is not None


def test_a_resumed_batch_has_the_values_of_a_whole_one(toy, settings):
    work = toy.batches(settings, 0.0)
    complete(work, settings)
    store = local_store(settings)
    runs = work[1].runs
    before = [store.read(run).metrics for run in runs]
    store.remove(runs[2])
    complete(work, settings)
    assert [store.read(run).metrics for run in runs] == before


def test_changed_source_computes_again(toy, settings):
    from dataclasses import replace

    work = toy.batches(settings, 0.0)
    complete(work, settings)
    changed = [replace(batch, source="changed") for batch in work]
    assert complete(changed, settings) == 18


def test_any_executor_will_do(toy, settings):
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        assert complete(toy.batches(settings, 0.0), settings, pool) == 18


def test_a_nan_fails_the_run_by_name_and_keeps_nothing_of_it(toy, settings, monkeypatch):
    def diverging(config, seeds, report):
        value = float("nan") if config.size == 3 else 1.0
        return [Outcome({"value": value}, {"epoch": np.arange(2)}) for _ in seeds]

    import dataclasses

    monkeypatch.setattr(toy, "EXPERIMENT", dataclasses.replace(toy.EXPERIMENT, run=diverging))
    work = toy.batches(settings, 0.0)
    with pytest.raises(InvlibError, match="toy/study size3 seed 0: metric value is nan"):
        complete(work, settings)
    assert local_store(settings).read(work[3].runs[0]) is None
    assert local_store(settings).read(work[0].runs[0]) is not None


def test_a_run_that_diverges_is_named(toy, settings, monkeypatch):
    import dataclasses

    def diverging(config, seeds, report):
        raise InvlibError("the loss is [nan] at epoch 10")

    monkeypatch.setattr(toy, "EXPERIMENT", dataclasses.replace(toy.EXPERIMENT, run=diverging))
    with pytest.raises(InvlibError, match=r"toy/study size\d: the loss is \[nan\] at epoch 10"):
        complete(toy.batches(settings, 0.0), settings)
