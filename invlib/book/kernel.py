"""The kernel of one notebook: this very Python, over a private socket, with its own environment."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager


def kernel_manager(environment: Mapping[str, str], folder: Path) -> type[AsyncKernelManager]:
    """A kernel manager class for papermill, which makes the instance itself.

    Sockets are files in `folder`: kernels that start together over TCP take each other's ports.
    The command is this interpreter, whatever kernels a user has installed under the same name.
    """

    class PrivateKernelManager(AsyncKernelManager):
        def __init__(self, **options: Any) -> None:
            connection = {"transport": "ipc", "ip": str(folder / "socket")}
            super().__init__(**{**options, **connection})

        @property
        def kernel_spec(self) -> KernelSpec:
            command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
            return KernelSpec(argv=command, display_name="Python 3", language="python")

        async def _async_start_kernel(self, **options: Any) -> None:
            options["env"] = {**os.environ, **environment}
            await super()._async_start_kernel(**options)

        start_kernel = _async_start_kernel

    return PrivateKernelManager
