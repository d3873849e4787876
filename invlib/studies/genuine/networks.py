"""The networks of paper genuine: data augmentation, weight-tying, and three penalties."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from invlib.config import option
from invlib.errors import UsageError
from invlib.experiment import Report
from invlib.methods.invariance_penalties import PENALTIES
from invlib.metrics.jacobian import jacobian_norm
from invlib.metrics.weight_norms import spectral_norms
from invlib.models.perceptron import Perceptron
from invlib.models.weight_tied import WeightTiedMLP
from invlib.studies.genuine.kinds import Kind, Trained, Training
from invlib.studies.genuine.sample import CLASSES, GROUPS, Parts
from invlib.studies.genuine.training import trained

REGULARIZED = {"IR": "l2", "KL": "kl", "L2N": "l2_normalized"}
METHODS = ("DA", "WT", *REGULARIZED)
OBSERVED_IMAGES = 200  # validation images under the mean of σ_max(J) during training


@dataclass(frozen=True)
class Network(Training):
    """One network of the paper: its method, and the strength ν of its penalty."""

    method: str = option("DA", "how it becomes invariant", choices=METHODS)
    strength: float = option(0.0, "penalty weight ν; 0 where there is no penalty", low=0.0)
    depth: int = option(5, "hidden layers", low=1, high=50)
    width: int = option(64, "hidden units per layer", low=1)

    def check(self) -> None:
        super().check()
        if (self.method in REGULARIZED) != (self.strength > 0):
            allowed = "above 0" if self.method in REGULARIZED else "0"
            raise UsageError(
                f"parameter strength is {self.strength:g}; for method {self.method} it must be "
                f"{allowed}."
            )

    @property
    def place(self) -> str:
        """Data set and group, as labels write them."""
        return f"{self.dataset}-{self.group}"

    @property
    def label(self) -> str:
        strength = f"-{self.strength:g}" if self.method in REGULARIZED else ""
        return f"{self.place}-{self.method}{strength}"


def networks(config: Network, seeds: Sequence[int], report: Report | None = None) -> list[Trained]:
    """The trained networks of a configuration, one per seed."""
    penalty = PENALTIES[REGULARIZED[config.method]] if config.method in REGULARIZED else None
    kind = Kind(
        name=config.label.removeprefix(f"{config.place}-"),
        module=__name__,
        build=build,
        penalty=penalty,
        strength=config.strength,
        observe=observe,
    )
    return trained(config, seeds, kind, report)


def build(config: Network, parts: Parts, generators: Sequence[torch.Generator]) -> nn.Module:
    """Five hidden layers of 128 units without biases have the paper's 230k parameters."""
    widths = [parts.side**2, *[config.width] * config.depth, CLASSES]
    if config.method == "WT":
        group = GROUPS[config.group](parts.side)
        return WeightTiedMLP(group, widths=widths, generators=generators)
    return Perceptron(widths=widths, activation="relu", generators=generators)


def observe(network: nn.Module, parts: Sequence[Parts]) -> Mapping[str, Tensor]:
    """The spectral norm of each weight matrix, and the mean of σ_max(J), for each network."""
    norms = spectral_norms(list(network.weights))
    device = norms[0].device
    sensitivity = []
    for k, own in enumerate(parts):
        x = own.normalize(own.validation.pixels[:OBSERVED_IMAGES]).to(device)
        sensitivity.append(jacobian_norm(lambda x, k=k: _logits(network, x, k), x).mean())
    found = {f"norm_{i + 1}": norm for i, norm in enumerate(norms)}
    return found | {"sigma_max": torch.stack(sensitivity).double()}


def _logits(network: nn.Module, x: Tensor, k: int) -> Tensor:
    """The logits of the k-th of several networks side by side."""
    return network(network.encode(x[None]).expand(len(network.weights[0]), *[-1] * 2))[k]
