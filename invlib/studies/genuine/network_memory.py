"""Trained weights in the folder of local runs, so that what one page trained another loads.

A network is known by a hash of everything that its weights depend on: the configuration, the
kind, the seed, the data and the source of the module that asks for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from invlib.data.manifest import read as read_manifest
from invlib.experiment import digest
from invlib.records.source import source_hash
from invlib.settings import Settings
from invlib.studies.genuine.kinds import Kind, Trained, Training
from invlib.studies.genuine.sample import GROUPS, prepare
from invlib.training.seeds import stream
from invlib.training.state_file import read_state, write_state


@dataclass(frozen=True)
class Memory:
    """The networks of one configuration and kind, by seed."""

    config: Training
    kind: Kind
    settings: Settings

    def path(self, seed: int) -> Path:
        return self._folder / f"{self._key([seed])}.safetensors"

    def checkpoint(self, seeds: Sequence[int]) -> Path:
        """Where the training of these seeds, side by side, keeps how far it got."""
        return self._folder / f"{self._key(seeds)}.checkpoint"

    def lock(self, seeds: Sequence[int]) -> Path:
        """Held while these seeds train: another process waits and then finds them here."""
        return self.settings.runs_dir / "locks" / f"{self._key(seeds)}.lock"

    def keep(
        self,
        seed: int,
        weights: Mapping[str, Tensor],
        curves: Mapping[str, np.ndarray],
        best_epoch: int,
    ) -> None:
        """Write one network, whole or not at all."""
        arrays = {f"curve/{name}": torch.from_numpy(values) for name, values in curves.items()}
        write_state(self.path(seed), {**weights, **arrays}, {"best_epoch": best_epoch})

    def recall(self, seed: int) -> Trained | None:
        """A network that was kept, or None."""
        found = read_state(self.path(seed))
        if found is None:
            return None
        tensors, values = found
        parts = prepare(self.config, seed)
        network = self.kind.build(self.config, parts, [stream(seed, "init")])
        network.load_state_dict({n: t for n, t in tensors.items() if not n.startswith("curve/")})
        network.requires_grad_(False)
        curves = {n[6:]: t.numpy() for n, t in tensors.items() if n.startswith("curve/")}
        group = GROUPS[self.config.group](parts.side)
        return Trained(network.eval(), parts, group, curves, values["best_epoch"])

    @property
    def _folder(self) -> Path:
        return self.settings.runs_dir / "networks"

    def _key(self, seeds: Sequence[int]) -> str:
        data = read_manifest(self.config.dataset, self.settings).checksum
        penalty = self.kind.penalty.__name__ if self.kind.penalty else ""
        source = source_hash(self.kind.module)
        asked = [type(self.config).__name__, self.config.plain(), data, list(seeds)]
        return digest([self.kind.module, source, self.kind.name, penalty, *asked])[:20]
