"""Who computes: anything that speaks `concurrent.futures.Executor`. Here, this machine."""

import concurrent.futures
import os
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from invlib.engine.forks import TORCH, Surroundings, be_called, limit_threads, processes
from invlib.engine.orphans import end_with_parent
from invlib.errors import InvlibError

NAME = "invlib-worker"  # what `top` shows


def local_executor(workers: int) -> concurrent.futures.Executor:
    """This process for one worker; else that many processes, which share the cores evenly."""
    if workers == 1:
        return InProcess()
    return LocalProcesses(workers, threads=max(1, available_cores() // workers))


def available_cores() -> int:
    """The cores that this process may use, which a container or taskset may have cut down."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class LocalProcesses(concurrent.futures.ThreadPoolExecutor):
    """A process of its own for every task, some at a time.

    A task here takes seconds to hours, so a process costs little. In return a killed one fails its
    own task and no other: the standard library's pool of processes then hangs now and again, when
    a worker dies while another is being started.
    """

    def __init__(self, workers: int, threads: int) -> None:
        super().__init__(workers)
        self.threads = threads

    def submit(
        self, function: Callable, /, *arguments: Any, **named: Any
    ) -> concurrent.futures.Future:
        return super().submit(self._in_a_process, function, arguments, named)

    def _in_a_process(self, function: Callable, arguments: tuple, named: dict[str, Any]) -> Any:
        # A task needs torch where its plan does; this process itself, which may run threads of
        # torch, is never forked.
        context = processes(TORCH if "torch" in sys.modules else ())
        ours, theirs = context.Pipe(duplex=False)
        task = (Surroundings(), theirs, self.threads, function, arguments, named)
        process = context.Process(target=_work, args=task, daemon=True)
        process.start()
        theirs.close()  # so that its death is the end of the pipe
        try:
            value, error = ours.recv()
        except EOFError:
            raise InvlibError(
                "a worker process was killed (out of memory?). What had finished is kept; run the "
                "same command again, with fewer workers if it was memory."
            ) from None
        finally:
            ours.close()
            process.join()
        if error is not None:
            raise error
        return value


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


def _work(
    surroundings: Surroundings,
    answer: Connection,
    threads: int,
    function: Callable,
    arguments: tuple,
    named: dict[str, Any],
) -> None:
    surroundings.take_on()
    be_called(NAME)
    limit_threads(threads)
    end_with_parent()
    try:
        answer.send((function(*arguments, **named), None))
    except Exception as error:  # noqa: BLE001 - whatever was raised, the parent raises it
        answer.send((None, error))
