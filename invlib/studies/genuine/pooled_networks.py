"""Weight-tied networks whose first layer is pooled in another way than the mean after the ReLU."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import nn

from invlib.config import option
from invlib.experiment import Report
from invlib.models.pooled import POOLINGS, PooledMLP
from invlib.studies.genuine.kinds import Kind, Trained, Training
from invlib.studies.genuine.sample import CLASSES, GROUPS, Parts
from invlib.studies.genuine.training import trained

POOLED_SEEDS = 4  # at most, as many as the paper has for its one pooling


@dataclass(frozen=True)
class Pooled(Training):
    """One weight-tied network, and how its first layer is pooled over the group."""

    pooling: str = option("max", "how the first layer is pooled", choices=POOLINGS)
    depth: int = option(5, "hidden layers", low=1, high=50)
    width: int = option(64, "hidden units per layer", low=1)

    @property
    def label(self) -> str:
        return f"{self.dataset}-{self.group}-WT+{self.pooling}"


def pooled(config: Pooled, seeds: Sequence[int], report: Report | None = None) -> list[Trained]:
    """Train, or recall, the networks of some seeds."""
    kind = Kind(name=f"WT+{config.pooling}", module=__name__, build=build)
    return trained(config, seeds, kind, report)


def build(config: Pooled, parts: Parts, generators: Sequence[torch.Generator]) -> nn.Module:
    """As the weight-tied network of the paper, but for the pooling."""
    return PooledMLP(
        GROUPS[config.group](parts.side),
        pooling=config.pooling,
        widths=[parts.side**2, *[config.width] * config.depth, CLASSES],
        generators=generators,
    )
