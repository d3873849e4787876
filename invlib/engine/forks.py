"""New processes, forked where possible from one helper that has loaded the libraries they need.

A process that starts from nothing loads torch for several seconds. A helper does it once for them
all. It loads nothing of invlib, so each process runs our source as it is when that one starts.
"""

import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import forkserver, reduction
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any

POSSIBLE = sys.platform == "linux"  # elsewhere a fork may break the system's own libraries
FORK = multiprocessing.get_context("fork" if POSSIBLE else "spawn")
TORCH = ("torch", "torch._dynamo")  # the second is loaded by the first optimizer


def processes(libraries: Sequence[str]) -> BaseContext:
    """Where to start processes from. The first start decides which libraries the helper loads."""
    if not POSSIBLE:
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(libraries))
    return context


def begin_loading(libraries: Sequence[str]) -> None:
    """Have the helper load, beside whatever this process does before it needs the first fork."""
    processes(libraries)
    if POSSIBLE:
        forkserver.ensure_running()


class Surroundings:
    """The environment and the output of a process to come, which would have the helper's.

    Those of this process, or others: variables, and open files by the number they shall have.
    """

    def __init__(
        self, environment: Mapping[str, str] | None = None, output: Mapping[int, int] | None = None
    ) -> None:
        self._environment = dict(os.environ if environment is None else environment)
        self._output: Mapping[int, Any] = {1: 1, 2: 2} if output is None else output

    def __getstate__(self) -> dict[str, Any]:  # asked for when the other process is being started
        files = self._output.items() if POSSIBLE else ()  # else it inherits them
        sent = {number: reduction.DupFd(file) for number, file in files}
        return {"_environment": self._environment, "_output": sent}

    def take_on(self) -> None:
        """Called in the other process."""
        os.environ.clear()
        os.environ.update(self._environment)
        for number, sent in self._output.items():
            received = sent.detach()
            os.dup2(received, number)
            os.close(received)


def be_called(name: str) -> None:
    """The name under which `top` shows this process, instead of the helper's."""
    if POSSIBLE:
        Path("/proc/self/comm").write_text(name[:15])  # all that the system keeps


def limit_threads(threads: int) -> None:
    """So many threads for linear algebra, in libraries that are loaded and in those to come."""
    os.environ["OMP_NUM_THREADS"] = str(threads)
    if torch := sys.modules.get("torch"):
        torch.set_num_threads(threads)
    if "numpy" in sys.modules:
        import threadpoolctl

        threadpoolctl.threadpool_limits(threads)
