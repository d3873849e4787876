"""Weight-tied networks with other poolings: how much of WT's accuracy is this choice? (Table 1)"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import nn

from invlib.config import option
from invlib.experiment import Experiment, Outcome, Report
from invlib.models.pooled import POOLINGS, PooledMLP
from invlib.studies.genuine.kinds import Kind, Training
from invlib.studies.genuine.measured import outcome
from invlib.studies.genuine.sample import CLASSES, GROUPS, Parts
from invlib.studies.genuine.training import trained


@dataclass(frozen=True)
class Pooled(Training):
    """One weight-tied network, and how its first layer is pooled over the group."""

    pooling: str = option("max", "how the first layer is pooled", choices=POOLINGS)
    depth: int = option(5, "hidden layers", low=1, high=50)
    width: int = option(64, "hidden units per layer", low=1)

    @property
    def label(self) -> str:
        return f"{self.dataset}-{self.group}-WT+{self.pooling}"


def measure(config: Pooled, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """Train, or recall, the networks of some seeds and measure each as Table 1 does."""
    kind = Kind(name=f"WT+{config.pooling}", module=__name__, build=build)
    return [outcome(one) for one in trained(config, seeds, kind, report)]


def build(config: Pooled, parts: Parts, generators: Sequence[torch.Generator]) -> nn.Module:
    """As the weight-tied network of the paper, but for the pooling."""
    return PooledMLP(
        GROUPS[config.group](parts.side),
        pooling=config.pooling,
        widths=[parts.side**2, *[config.width] * config.depth, CLASSES],
        generators=generators,
    )


EXPERIMENT = Experiment(
    name="genuine/pooled",
    module=__name__,
    attribute="EXPERIMENT",
    config=Pooled,
    data=lambda config: config.dataset,
    run=measure,
    label=lambda config: config.label,
)
