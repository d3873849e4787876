"""The unit of work: one configuration, all its seeds at once, each kept as its own record.

A batch is always computed with the same seeds in the same order, also when only some records are
missing: what is computed together may differ in the last digit from what is computed alone, and
a resumed study must end with the very records of an undisturbed one.
"""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from invlib.config import Config
from invlib.engine.progress import Lines
from invlib.engine.steady_source import LOADED, Written, refuse_edited
from invlib.errors import InvlibError, UsageError
from invlib.experiment import Experiment, Report, find_experiment
from invlib.files import lock
from invlib.records.memo import local_store, recall
from invlib.records.provenance import commit, now, package_versions
from invlib.records.record import Record, Run
from invlib.settings import Settings


@dataclass(frozen=True)
class Batch:
    """What a worker needs to know, in values that can be sent to another process or machine."""

    module: str
    attribute: str
    config: Config
    runs: Sequence[Run]  # one per seed
    source: str  # hash of the source that would compute it
    settings: Settings = field(repr=False)
    loaded: Written = field(default_factory=lambda: LOADED, repr=False)

    @property
    def experiment(self) -> Experiment:
        return find_experiment(self.module, self.attribute)

    @property
    def name(self) -> str:
        return f"{self.runs[0].experiment} {self.runs[0].label}"

    def missing(self) -> list[Run]:
        """The runs that no fresh record holds."""
        known = ((run, recall(run, self.source, self.settings)) for run in self.runs)
        return [run for run, found in known if found is None or found.stale]


def compute(batch: Batch, report: Report | None = None) -> int:
    """Train a batch and keep the records that were missing. Returns how many were written.

    Holding the lock of a batch makes a second process wait and then find the records here.
    """
    lock_name = f"{batch.runs[0].key}-{len(batch.runs)}.lock"
    with lock(batch.settings.runs_dir / "locks" / lock_name):
        missing = batch.missing()
        if not missing:
            return 0
        refuse_edited(batch.module, batch.loaded)
        report = report or Lines()
        started, clock = now(), time.perf_counter()
        seeds = [run.seed for run in batch.runs]
        try:
            outcomes = batch.experiment.run(batch.config, seeds, report)
        except UsageError:
            raise  # names the parameter that is wrong
        except InvlibError as error:  # such as a loss that diverged
            raise InvlibError(f"{batch.name}: {error}") from error
        seconds = time.perf_counter() - clock
        refuse_edited(batch.module, batch.loaded)
        provenance = _provenance(batch, started, seconds)
        for run, outcome in zip(batch.runs, outcomes, strict=True):
            outcome.refuse_non_finite(str(run))
        for run, outcome in zip(batch.runs, outcomes, strict=True):
            if run in missing:
                record = Record(run, outcome.metrics, outcome.curves, outcome.arrays, provenance)
                local_store(batch.settings).write(record)
        return len(missing)


def _provenance(batch: Batch, started: str, seconds: float) -> dict:
    torch = sys.modules.get("torch")  # not loaded: the run did not use it
    head, dirty = commit(batch.settings.root)
    return {
        "commit": head,
        "dirty": dirty,
        "source": batch.source,
        "packages": package_versions(),
        "device": str(torch.get_default_device()) if torch else "cpu",
        "threads": torch.get_num_threads() if torch else 1,
        "started": started,
        "seconds": round(seconds / len(batch.runs), 4),  # this run's share of its batch
        "batch_seconds": round(seconds, 3),
        "batch_seeds": len(batch.runs),
        "profile": batch.settings.profile,
    }
