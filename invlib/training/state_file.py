"""Tensors and a few plain values in one safetensors file: whole or absent, and never a pickle."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from invlib.files import atomic_path

State = dict[str, Tensor]


def write_state(path: Path, tensors: Mapping[str, Tensor], values: Mapping[str, Any]) -> None:
    """Replace the file at `path`, atomically; the values go through JSON."""
    plain = {name: tensor.detach().contiguous().cpu() for name, tensor in tensors.items()}
    with atomic_path(path) as temporary:
        save_file(plain, temporary, metadata={"values": json.dumps(dict(values))})


def read_state(path: Path, device: str = "cpu") -> tuple[State, dict[str, Any]] | None:
    """What was written, or None if there is no such file or it is damaged."""
    try:
        with safe_open(path, framework="pt", device=device) as file:
            values = json.loads(file.metadata()["values"])
            return {name: file.get_tensor(name) for name in file.keys()}, values  # noqa: SIM118
    except (FileNotFoundError, SafetensorError, KeyError, TypeError, ValueError):
        return None
