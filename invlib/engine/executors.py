"""Who computes: anything that speaks `concurrent.futures.Executor`. Here, this machine."""

import concurrent.futures
import os
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from invlib.engine.forks import FORK, TORCH, Surroundings, be_called, limit_threads, processes
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
    """Some processes side by side, each of which takes one task after the other.

    What a process has read for one task, the source above all, serves the next. One that is killed
    fails the task it had and no other: the standard library's pool of processes then hangs now and
    again, when a worker dies while another is being started.
    """

    def __init__(self, workers: int, threads: int) -> None:
        super().__init__(workers)
        self._threads_each = threads
        self._idle: list[Worker] = []

    def submit(
        self, function: Callable, /, *arguments: Any, **named: Any
    ) -> concurrent.futures.Future:
        return super().submit(self._in_a_process, function, arguments, named)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        super().shutdown(wait, cancel_futures=cancel_futures)
        while self._idle:
            worker = self._idle.pop()
            if worker.ahead:
                AHEAD.append(worker)
            else:
                worker.end()

    def _in_a_process(self, function: Callable, arguments: tuple, named: dict[str, Any]) -> Any:
        worker = _living(self._idle) or _living(AHEAD) or Worker()
        try:
            value, error = worker.do(self._threads_each, function, arguments, named)
        except (EOFError, ConnectionError):
            worker.end()
            raise InvlibError(
                "a worker process was killed (out of memory?). What had finished is kept; run the "
                "same command again, with fewer workers if it was memory."
            ) from None
        finally:
            if worker.lives():
                self._idle.append(worker)
        if error is not None:
            raise error
        return value


class Worker:
    """A process at the other end of a pipe.

    Usually it comes from the helper that has loaded torch. `ahead` is one that is forked from this
    very process, while that has no threads yet and may be forked; it serves every pool to come.
    """

    def __init__(self, ahead: bool = False) -> None:
        self.ahead = ahead
        # A task needs torch where its plan does.
        context = FORK if ahead else processes(TORCH if "torch" in sys.modules else ())
        self._pipe, theirs = context.Pipe()
        given = (None if ahead else Surroundings(), theirs)
        self._process = context.Process(target=_serve, args=given, daemon=True)
        self._process.start()
        theirs.close()  # so that its death is the end of the pipe

    def do(self, *task: Any) -> tuple[Any, Exception | None]:
        """What a function gave, or what it raised."""
        self._pipe.send(task)
        return self._pipe.recv()

    def lives(self) -> bool:
        return self._process.is_alive()

    def end(self) -> None:
        self._pipe.close()
        self._process.join()


AHEAD: list[Worker] = []


def fork_ahead(workers: int) -> None:
    """Have workers ready for every pool of this process, which must not have threads yet."""
    AHEAD.extend(Worker(ahead=True) for _ in range(workers))


def _living(idle: list[Worker]) -> Worker | None:
    """One that is left; those that died while they had no task are dropped."""
    while idle:
        worker = idle.pop()
        if worker.lives():
            return worker
        worker.end()
    return None


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


def _serve(surroundings: Surroundings | None, tasks: Connection) -> None:
    if surroundings is not None:
        surroundings.take_on()
    be_called(NAME)
    end_with_parent()
    while True:
        try:
            threads, function, arguments, named = tasks.recv()
        except EOFError:
            return
        try:
            limit_threads(threads)
            tasks.send((function(*arguments, **named), None))
        except Exception as error:  # noqa: BLE001 - whatever was raised, the parent raises it
            tasks.send((None, error))
