"""Who computes: anything that speaks `concurrent.futures.Executor`. Here, this machine."""

import concurrent.futures
import multiprocessing
import os
import threading
from collections.abc import Callable
from typing import Any


def local_executor(workers: int) -> concurrent.futures.Executor:
    """This process for one worker; else that many processes, which share the cores evenly."""
    if workers == 1:
        return InProcess()
    return concurrent.futures.ProcessPoolExecutor(
        max_workers=workers,
        mp_context=multiprocessing.get_context("spawn"),  # torch's threads do not survive a fork
        initializer=_start_worker,
        initargs=(max(1, available_cores() // workers),),
    )


def available_cores() -> int:
    """The cores that this process may use, which a container or taskset may have cut down."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class InProcess(concurrent.futures.Executor):
    """Computes at once, in the calling process: no start-up cost, and a debugger works."""

    def submit(
        self, function: Callable, /, *arguments: Any, **named: Any
    ) -> concurrent.futures.Future:
        future: concurrent.futures.Future = concurrent.futures.Future()
        try:
            future.set_result(function(*arguments, **named))
        except Exception as error:  # noqa: BLE001 - a future carries whatever was raised
            future.set_exception(error)
        return future


def _start_worker(threads: int) -> None:
    # Read by torch when the first task imports it: a worker that needs no torch never waits for it.
    os.environ["OMP_NUM_THREADS"] = str(threads)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A worker whose parent was killed must not run on, unseen, beside the next attempt."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
