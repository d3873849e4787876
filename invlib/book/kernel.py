"""The kernel of one notebook: this very Python, over a private socket, with its own environment."""

import logging
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager

from invlib.book.forked_kernel import fork_kernel

# What papermill has to say reaches us as an exception; without a handler it would also be printed.
logging.getLogger("papermill").addHandler(logging.NullHandler())


class Kernels:
    """The kernels of one command. Papermill waits for them in threads; a stop must reach those."""

    def __init__(self, forked: bool = False) -> None:
        self.forked = forked
        self.stopped = False
        self._started: list[AsyncKernelManager] = []

    def started(self, manager: AsyncKernelManager) -> None:
        self._started.append(manager)
        if self.stopped:
            self.stop()

    def stop(self) -> None:
        """Kill them all: what their notebooks had finished is in the records."""
        self.stopped = True
        for manager in self._started:
            process = getattr(manager.provisioner, "process", None)
            if process is not None:
                process.kill()


def kernel_manager(
    environment: Mapping[str, str], cwd: Path, sockets: Path, log: TextIO, kernels: Kernels
) -> type[AsyncKernelManager]:
    """A kernel manager class for papermill, which makes the instance itself.

    Sockets are files in a folder: kernels that start together over TCP take each other's ports.
    The command is this interpreter, whatever kernels a user has installed under the same name.
    The folder to work in is the kernel's alone: papermill's own `cwd` moves the whole process.
    """
    # Jupyter fills in `$NAME` in the variables of a kernel; a folder's name may hold a dollar.
    literal = {name: value.replace("$", "$$") for name, value in environment.items()}

    class PrivateKernelManager(AsyncKernelManager):
        def __init__(self, **options: Any) -> None:
            connection = {"transport": "ipc", "ip": str(sockets / "socket")}
            super().__init__(**{**options, **connection})

        @property
        def kernel_spec(self) -> KernelSpec:
            command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
            return KernelSpec(argv=command, env=literal, display_name="Python 3", language="python")

        async def _async_launch_kernel(self, kernel_cmd: list[str], **options: Any) -> None:
            if not kernels.forked:
                await super()._async_launch_kernel(kernel_cmd, **options)
                return
            arguments = kernel_cmd[kernel_cmd.index("-f") :]
            self.provisioner.process = fork_kernel(arguments, options["env"], cwd, log)
            self._reconcile_connection_info(self.provisioner.connection_info)

        async def _async_start_kernel(self, **options: Any) -> None:
            # What the process itself prints, such as a crash of a library, is for the log.
            await super()._async_start_kernel(**options, cwd=str(cwd), stdout=log, stderr=log)
            kernels.started(self)

        start_kernel = _async_start_kernel

    return PrivateKernelManager
