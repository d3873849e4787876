"""Have every batch of a study computed by an executor, and say plainly what stopped it."""

import concurrent.futures
from collections.abc import Sequence

from invlib.engine.batch import Batch, compute
from invlib.engine.executors import local_executor
from invlib.settings import Settings


def complete(
    batches: Sequence[Batch],
    settings: Settings,
    executor: concurrent.futures.Executor | None = None,
) -> int:
    """Compute what the records lack; returns how many records were written.

    Each batch is kept as it finishes, so that a stop of any kind loses the batches in flight and
    no other. Any `Executor` will do; without one, this machine's processes are used.
    """
    todo = [batch for batch in batches if batch.missing()]
    if not todo:
        return 0
    workers = min(settings.workers, len(todo))
    with executor or local_executor(workers) as pool:
        futures = [pool.submit(compute, batch) for batch in todo]
        try:
            return sum(done.result() for done in concurrent.futures.as_completed(futures))
        finally:
            for future in futures:
                future.cancel()
