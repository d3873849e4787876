"""Networks of other architectures than the paper's under its data and training (our question).

A family is an architecture that learns its invariance, by augmentation (DA) or with a penalty (IR).
Two families have a hard-wired relative: weights tied over the group.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn

from invlib.config import option
from invlib.errors import UsageError
from invlib.experiment import Report
from invlib.methods.invariance_penalties import squared_distance
from invlib.models.cnn import BatchedC4CNN, BatchedCNN
from invlib.models.perceptron import Perceptron
from invlib.models.residual import BatchedResidual
from invlib.models.weight_tied import WeightTiedMLP
from invlib.studies.genuine.kinds import Kind, Trained, Training
from invlib.studies.genuine.network_measures import measures
from invlib.studies.genuine.sample import CLASSES, GROUPS, Parts
from invlib.studies.genuine.training import trained

DEPTHS = {"mlp": 5, "shallow": 2, "deep": 8, "wide": 5}  # hidden layers of the perceptrons
BLOCKS = 2  # of the residual perceptron, which then has the five hidden layers of "mlp"
PLANES, UNITS = 16, 64  # of the convolutional networks: of each of their two maps, and after them
FAMILIES = (*DEPTHS, "residual", "cnn")
HARD_WIRED = {"mlp": ("R4", "T3"), "cnn": ("R4",)}  # families that can be, and for which groups
METHODS = ("DA", "IR", "hard")
FEW_STEPS = 8  # of the integrated gradients under the curves, a quarter of those at the end


@dataclass(frozen=True)
class Architecture(Training):
    """One network: its family, how it becomes invariant, and what is followed in training."""

    family: str = option("mlp", "the architecture", choices=FAMILIES)
    method: str = option("DA", "how it becomes invariant", choices=METHODS)
    strength: float = option(0.0, "penalty weight ν of IR; 0 for the others", low=0.0)
    width: int = option(64, "hidden units per layer of the perceptrons", low=1)
    followed: int = option(0, "validation images under the curves; 0: no curves", low=0)

    def check(self) -> None:
        super().check()
        if (self.method == "IR") != (self.strength > 0):
            allowed = "above 0" if self.method == "IR" else "0"
            raise UsageError(
                f"parameter strength is {self.strength:g}; for method {self.method} it must be "
                f"{allowed}."
            )
        if self.method == "hard" and self.group not in HARD_WIRED.get(self.family, ()):
            allowed = "; ".join(f"{name} for {', '.join(g)}" for name, g in HARD_WIRED.items())
            raise UsageError(
                f"parameter method is 'hard' for family {self.family} and group {self.group}; "
                f"there is a hard-wired {allowed}."
            )

    @property
    def label(self) -> str:
        strength = f"-{self.strength:g}" if self.method == "IR" else ""
        optimizer = f"+{self.optimizer}" if self.optimizer != "adam" else ""
        followed = "+followed" if self.followed else ""
        return f"{self.group}-{self.family}-{self.method}{strength}{optimizer}{followed}"


def networks(config: Architecture, seeds: Sequence[int], report: Report) -> list[Trained]:
    """The trained networks of a configuration, one per seed."""
    kind = Kind(
        name=config.label,
        module=__name__,
        build=build,
        penalty=squared_distance if config.method == "IR" else None,
        strength=config.strength,
        observe=partial(_observe, config) if config.followed else None,
    )
    return trained(config, seeds, kind, report)


def build(config: Architecture, parts: Parts, generators: Sequence[torch.Generator]) -> nn.Module:
    """Networks side by side, one per generator, all without biases and with ReLU."""
    hard = config.method == "hard"
    if config.family == "cnn":
        kind, copies = (BatchedC4CNN, 4) if hard else (BatchedCNN, 1)
        return kind(
            side=parts.side,
            outputs=CLASSES,
            channels=(PLANES // copies, PLANES // copies),
            hidden=UNITS,
            generators=generators,
        )
    if config.family == "residual":
        return BatchedResidual(
            inputs=parts.side**2,
            width=config.width,
            blocks=BLOCKS,
            outputs=CLASSES,
            generators=generators,
        )
    width = config.width * (2 if config.family == "wide" else 1)
    widths = [parts.side**2, *[width] * DEPTHS[config.family], CLASSES]
    if hard:
        return WeightTiedMLP(GROUPS[config.group](parts.side), widths=widths, generators=generators)
    return Perceptron(widths=widths, activation="relu", generators=generators)


def parameters(network: nn.Module) -> int:
    """How many numbers one of the networks side by side has to learn."""
    return sum(weight[0].numel() for weight in network.parameters())


def _observe(
    config: Architecture, network: nn.Module, parts: Sequence[Parts]
) -> Mapping[str, Tensor]:
    """The measures of each network on the first validation images."""
    found = []
    for k, own in enumerate(parts):
        found.append(
            measures(
                _logits_of(network, k),
                own,
                own.validation,
                GROUPS[config.group](own.side),
                errors=config.followed,
                saliency=config.followed,
                steps=FEW_STEPS,
            )
        )
    device = next(network.parameters()).device
    return {name: torch.tensor([row[name] for row in found], device=device) for name in found[0]}


def _logits_of(network: nn.Module, k: int) -> Callable[[Tensor], Tensor]:
    """The k-th of several networks side by side as a function of normalized images."""

    def logits(x: Tensor) -> Tensor:
        device, count = next(network.parameters()).device, len(next(network.parameters()))
        every = network.encode(x.to(device)[None])
        return network(every.expand(count, *every.shape[1:]))[k].to(x.device)

    return logits
