"""Kernels that start with the heavy libraries loaded: forks of one helper that has loaded them.

Loading torch, pandas and seaborn takes a kernel several seconds; here a command does it once.
"""

import os
import runpy
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TextIO

from invlib.engine.executors import fork_ahead
from invlib.engine.forks import (
    POSSIBLE,
    TORCH,
    Surroundings,
    be_called,
    begin_loading,
    processes,
)
from invlib.engine.orphans import end_with_parent
from invlib.settings import from_environment

LIBRARIES = (*TORCH, "pandas", "matplotlib.pyplot", "seaborn", "ipykernel.kernelapp")
NAME = "invlib-kernel"  # what `top` shows
LOADING = 7  # seconds until the helper has loaded them; less work is done sooner without it


class ForkedKernel:
    """A forked process under the names by which Jupyter knows a `subprocess.Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, process: BaseProcess) -> None:
        self._process = process
        self.pid = process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self) -> int | None:
        self._process.join()
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        self._process.kill()


def worth_forking(seconds: float) -> bool:
    """Whether notebooks that are expected to take so long in all are done sooner in forks."""
    return POSSIBLE and seconds >= LOADING


def load_libraries() -> None:
    """Have the helper begin, beside whatever the command itself does before the first kernel."""
    begin_loading(LIBRARIES)


def fork_kernel(
    arguments: Sequence[str], environment: Mapping[str, str], cwd: Path, log: TextIO
) -> ForkedKernel:
    """Start `ipykernel` with these arguments; what the process itself prints goes to the log."""
    surroundings = Surroundings(environment, dict.fromkeys((1, 2), log.fileno()))
    process = processes(LIBRARIES).Process(
        target=_be_a_kernel,
        args=(list(arguments), surroundings, environment.get("MPLBACKEND"), str(cwd)),
    )
    process.start()
    return ForkedKernel(process)


def _be_a_kernel(
    arguments: list[str], surroundings: Surroundings, backend: str | None, cwd: str
) -> None:
    os.setsid()  # Ctrl-C is for the command, which stops its kernels itself
    be_called(NAME)
    surroundings.take_on()
    os.chdir(cwd)
    if (workers := from_environment().workers) > 1:
        fork_ahead(workers)  # later there are threads, and another helper would load torch anew
    import matplotlib

    if backend:  # MPLBACKEND, which matplotlib has read too early
        matplotlib.use(backend)
    end_with_parent()  # the command; Jupyter itself watches the helper, which ends after all of us
    sys.argv = ["", *arguments, f"--IPKernelApp.parent_handle={os.getppid()}"]
    runpy.run_module("ipykernel_launcher", run_name="__main__")
