"""A notebook's parameters become runs; the runs become records; the records come back as frames."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from invlib.config import Config
from invlib.data.description import Manifest
from invlib.data.manifest import read as read_manifest
from invlib.engine.batch import Batch
from invlib.engine.complete import complete
from invlib.errors import InvlibError
from invlib.experiment import RANDOM, Experiment
from invlib.records.memo import Known, recall
from invlib.records.record import Record, Run, name_run
from invlib.records.source import source_hash
from invlib.settings import Settings, from_environment


def _suits_any(parameters: Config, manifest: Manifest) -> None:
    """The answer of a study that asks nothing of its data set."""


def _as_it_is(record: Record) -> Record:
    """The answer of a study that derives nothing."""
    return record


Work = Sequence[tuple[Experiment, Config, Sequence[int]]]


@dataclass(frozen=True)
class Study:
    """What one notebook runs: its parameters, and the configurations and seeds they stand for.

    `then` plans further work from the records of the first plan, once they are all there: a search
    comes first, what it chose second.

    `suits` refuses parameters that are fine by themselves but not for a data set, as its manifest
    describes it: nothing need be loaded to know. `derive` adds metrics and curves that follow from
    a record alone, as it is read: they are never stored, so they cannot be stale.
    """

    parameters: type[Config]
    plan: Callable[[Config], Work]
    suits: Callable[[Config, Manifest], None] = _suits_any
    derive: Callable[[Record], Record] = _as_it_is
    then: "Callable[[Config, Runs], Work] | None" = None


class MissingRecordsError(InvlibError):
    """Records are to be shown, not computed, and some do not exist."""


@dataclass(frozen=True)
class Runs:
    """The records of a study, in the order of its plan."""

    known: Sequence[Known]
    parameters: Config

    def of(self, experiment: Experiment) -> "Runs":
        """The runs of one experiment, where a study has several."""
        own = [known for known in self.known if known.record.run.experiment == experiment.name]
        return Runs(own, self.parameters)

    def frame(self) -> pd.DataFrame:
        """One row per run: its label, its configuration, its seed and its metrics."""
        rows = [
            {"label": r.run.label, **r.run.config, "seed": r.run.seed, **r.metrics}
            for r in (known.record for known in self.known)
        ]
        return pd.DataFrame(rows)

    def where(self, **values: Any) -> "Runs":
        """The runs whose configurations have these values."""
        own = [k for k in self.known if {**k.record.run.config, **values} == k.record.run.config]
        return Runs(own, self.parameters)

    def curves(self, name: str, axis: str = "epoch") -> pd.DataFrame:
        """One row per run and point of a curve, in long form, as seaborn likes it."""
        frames = []
        for known in self.known:
            run, curves = known.record.run, known.record.curves
            columns = {"label": run.label, "seed": run.seed, axis: curves[axis], name: curves[name]}
            frames.append(pd.DataFrame(columns))
        return pd.concat(frames, ignore_index=True)

    def array(self, name: str) -> Mapping[Run, np.ndarray]:
        """A small array of every run."""
        return {known.record.run: known.record.arrays[name] for known in self.known}


def batches(study: Study, parameters: Config, settings: Settings) -> list[Batch]:
    """The work that the parameters stand for, named but not done.

    Work that depends on records of the first plan is named as soon as these exist.
    """
    first = _named(study, parameters, study.plan(parameters), settings)
    if study.then is None:
        return first
    found = _recalled(first, settings)
    if any(known is None for _, known in found):
        return first
    runs = Runs([known for _, known in found if known is not None], parameters)
    return first + _named(study, parameters, study.then(parameters, runs), settings)


def collect(study: Study, parameters: Config, settings: Settings | None = None) -> Runs:
    """The records of a study: recalled where they exist, computed where they do not.

    With `settings.compute` "never" nothing is computed: a stale published record is shown as it
    is, marked, and a missing one is an error.
    """
    settings = settings or from_environment()
    work = batches(study, parameters, settings)
    if settings.compute == "missing":
        complete(work, settings)
        if study.then is not None:  # what was missing or stale may have decided the rest
            work = batches(study, parameters, settings)
            complete(work, settings)
    found = _recalled(work, settings)
    missing = [str(run) for run, known in found if known is None]
    if missing:
        raise MissingRecordsError(
            f"{len(missing)} of {len(found)} records do not exist (the first: {missing[0]}). "
            "Compute them with: make paper"
        )
    read = [replace(k, record=study.derive(k.record)) for _, k in found if k is not None]
    return Runs(read, parameters)


def _named(study: Study, parameters: Config, plan: Work, settings: Settings) -> list[Batch]:
    work = []
    checksums = {RANDOM: ""}
    hashed = cache(source_hash)  # once for this plan; by the next, the source may have changed
    for experiment, config, seeds in plan:
        name = experiment.data(config)
        if name not in checksums:
            manifest = read_manifest(name, settings)
            study.suits(parameters, manifest)
            checksums[name] = manifest.checksum
        runs = [name_run(experiment, config, seed, checksums[name]) for seed in seeds]
        source = hashed(experiment.module)
        work.append(Batch(experiment.module, experiment.attribute, config, runs, source, settings))
    return work


def _recalled(work: Sequence[Batch], settings: Settings) -> list[tuple[Run, Known | None]]:
    return [(run, recall(run, batch.source, settings)) for batch in work for run in batch.runs]
