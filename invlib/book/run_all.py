"""Run the notebooks that changed, several at once, and say how each went."""

import concurrent.futures
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from invlib.book.execute import execute, is_current
from invlib.book.ledger import Entry, Slot
from invlib.engine.executors import available_cores
from invlib.settings import Settings


@dataclass(frozen=True)
class Task:
    """One notebook to be executed in one slot."""

    place: Slot
    profile: str
    settings: Settings
    overrides: Mapping[str, Any] = field(default_factory=dict)

    def current(self) -> bool:
        values = self.place.notebook.values(self.profile, self.overrides)
        return is_current(self.place, values, self.settings)


def run_all(tasks: Sequence[Task], jobs: int, report: Callable[[str], None]) -> list[Entry]:
    """Execute what is not current; the entries of what ran. Cores are divided among the jobs."""
    todo = [task for task in tasks if not task.current()]
    for task in todo:  # refuse every bad parameter before the first kernel starts
        task.place.notebook.config(task.profile, task.overrides)
    if not todo:
        return []
    jobs = max(1, min(jobs, len(todo)))
    threads = max(1, available_cores() // jobs)
    entries: list[Entry] = []
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        futures = {
            pool.submit(
                execute, task.place, task.profile, task.overrides, task.settings, threads
            ): task
            for task in todo
        }
        for future in concurrent.futures.as_completed(futures):
            task, entry = futures[future], future.result()
            entries.append(entry)
            words = f"{entry.notebook} ({task.place.folder.name}): {entry.state}"
            report(f"{words} in {entry.seconds:.1f} s [{len(entries)}/{len(todo)}]")
            if entry.error:
                report(f"  {entry.error}\n  log: {task.place.log}")
    return entries
