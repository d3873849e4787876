"""Run the notebooks that changed, several at once, and say how each went."""

import concurrent.futures
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from invlib.book.execute import (
    execute,
    is_current,
    refuse_bad_parameters,
    still_lacks_records,
)
from invlib.book.ledger import Entry, Slot
from invlib.engine.executors import available_cores
from invlib.settings import Settings

Report = Callable[[str], None]
Advance = Callable[[float, float], None]


@dataclass(frozen=True)
class Task:
    """One notebook to be executed in one slot."""

    place: Slot
    profile: str
    settings: Settings
    overrides: Mapping[str, Any] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """What it should take: where it only shows records, as long as its quick profile."""
        recalls = self.settings.compute == "never"
        return self.place.notebook.seconds["quick" if recalls else self.profile]

    def current(self) -> bool:
        values = self.place.notebook.values(self.profile, self.overrides)
        return is_current(self.place, values, self.settings)

    def in_vain(self) -> bool:
        """Published records that are declared to come, and have not come since the last try."""
        if not self.place.notebook.pending or self.settings.compute != "never":
            return False
        return still_lacks_records(self.place, self.profile, self.overrides, self.settings)


def run_all(
    tasks: Sequence[Task],
    jobs: int,
    report: Report,
    advance: Advance = lambda done, total: None,
    force: bool = False,
) -> list[Entry]:
    """Execute what is not current; the entries of what ran. Cores are divided among the jobs.

    `report` is told in words how each went; `advance` the seconds of work done and expected in all.
    """
    todo = [task for task in tasks if force or not (task.current() or task.in_vain())]
    if not todo:
        return []
    from invlib.book.forked_kernel import load_libraries, worth_forking

    expected, done = sum(task.seconds for task in todo), 0.0
    if forked := worth_forking(expected):
        load_libraries()
    for task in todo:  # refuse every bad parameter before the first kernel starts
        refuse_bad_parameters(task.place.notebook, task.profile, task.overrides, task.settings)
    from invlib.book.kernel import Kernels

    jobs = max(1, min(jobs, len(todo)))
    share = max(1, available_cores() // jobs)
    entries: list[Entry] = []
    advance(done, expected)
    kernels = Kernels(forked)
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        futures = {
            pool.submit(
                execute,
                task.place,
                task.profile,
                task.overrides,
                _with_workers(task, share, forked),
                kernels,
            ): task
            for task in todo
        }
        try:
            for future in concurrent.futures.as_completed(futures):
                task, entry = futures[future], future.result()
                entries.append(entry)
                done += task.seconds
                advance(done, expected)
                words = f"{entry.notebook} ({task.place.folder.name}): {entry.state}"
                report(f"{words} in {entry.seconds:.1f} s [{len(entries)}/{len(todo)}]")
                if entry.error:
                    report(f"  {entry.error}\n  {where_to_read(task.place)}")
        except BaseException:  # Ctrl-C, or a full disk: leaving the block waits for its threads
            pool.shutdown(wait=False, cancel_futures=True)
            kernels.stop()
            raise
    return entries


def _with_workers(task: Task, share: int, forked: bool) -> Settings:
    """A process for each core, unless a small run would end before a process has started."""
    workers = share if forked or task.profile == "paper" else 1
    return task.settings.but(workers=max(task.settings.workers, workers))


def where_to_read(place: Slot) -> str:
    """Where a person sees what went wrong: the failed notebook, if a kernel got that far."""
    if place.failed.is_file():
        return f"the notebook as far as it got: {place.failed}"
    return f"log: {place.log}"
