"""Where a training stands, and its checkpoint: all that the rest of it depends on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from invlib.training.state_file import read_state, write_state


@dataclass
class Course:
    """Where a training stands: what a checkpoint holds beside weights and optimizer."""

    epoch: int = 0
    best: list[float] = field(default_factory=list)  # validation accuracy of the kept weights
    best_epoch: list[int] = field(default_factory=list)
    curves: dict[str, list] = field(default_factory=dict)  # per epoch, one number per network
    observed: dict[str, list] = field(default_factory=dict)  # the same at observed epochs

    def curves_of(self, network: int) -> dict[str, np.ndarray]:
        """One network's curves over the epochs, and "observed/..." over the observed ones."""
        every = {name: np.array(values)[:, network] for name, values in self.curves.items()}
        seen = {name: np.array(values)[:, network] for name, values in self.observed.items()}
        return every | {f"observed/{name}": values for name, values in seen.items()}


def save(
    path: Path,
    course: Course,
    parameters: Sequence[Tensor],
    kept: Sequence[Tensor],
    optimizer: torch.optim.Optimizer,
    generators: Sequence[torch.Generator],
) -> None:
    """Write a checkpoint; the one before stays until this one is whole."""
    tensors = {f"now/{i}": parameter for i, parameter in enumerate(parameters)}
    tensors |= {f"kept/{i}": own for i, own in enumerate(kept)}
    for i, state in optimizer.state_dict()["state"].items():
        tensors |= {f"optimizer/{i}/{name}": value for name, value in state.items()}
    tensors |= {f"generator/{i}": g.get_state() for i, g in enumerate(generators)}
    write_state(path, tensors, vars(course))


def resume(
    path: Path,
    parameters: Sequence[Tensor],
    kept: Sequence[Tensor],
    optimizer: torch.optim.Optimizer,
    generators: Sequence[torch.Generator],
) -> Course | None:
    """Put everything back as it was saved; None if there is nothing to go on from."""
    found = read_state(path)
    if found is None:
        return None
    tensors, values = found
    with torch.no_grad():
        for i, (parameter, own) in enumerate(zip(parameters, kept, strict=True)):
            parameter.copy_(tensors[f"now/{i}"])
            own.copy_(tensors[f"kept/{i}"])
    state: dict[int, dict[str, Tensor]] = {}
    for name, value in tensors.items():
        if name.startswith("optimizer/"):
            _, i, entry = name.split("/")
            state.setdefault(int(i), {})[entry] = value
    optimizer.load_state_dict({**optimizer.state_dict(), "state": state})
    for i, generator in enumerate(generators):
        generator.set_state(tensors[f"generator/{i}"])
    return Course(**values)
