"""The weight-tied perceptron of paper genuine (WT): invariant by pooling over the group."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from invlib.groups.group import Group
from invlib.groups.orbit_frequencies import OrbitFrequencies
from invlib.models.activations import ACTIVATIONS
from invlib.models.mlp import BatchedMLP


class WeightTiedMLP(nn.Module):
    """h₁ = mean over g of σ(W₁ g x), then the layers of a plain perceptron without biases.

    Several networks side by side, as `BatchedMLP`, with the same initial weights for the same
    generators. `forward` takes images that `encode` has prepared once.
    """

    invariant = True  # every member of an orbit is the same to it

    def __init__(
        self,
        group: Group,
        *,
        widths: Sequence[int],
        activation: str,
        generators: Sequence[torch.Generator],
    ) -> None:
        super().__init__()
        self._orbits = OrbitFrequencies(group)
        self._activation = ACTIVATIONS[activation].value
        plain = BatchedMLP(widths=widths, activation=activation, generators=generators)
        self.weights = plain.weights  # W₁, W₂, ...: each [networks, rows, columns]

    def encode(self, x: Tensor) -> Tensor:
        return self._orbits.encode(x)

    def pooled(self, encoded: Tensor) -> Tensor:
        """The invariant first hidden layer [networks, n, width]."""
        return self._activation(self._orbits.products(encoded, self.weights[0])).mean(-3)

    def forward(self, encoded: Tensor) -> Tensor:
        """Logits [networks, n, classes]."""
        h = self.pooled(encoded)
        for weight in list(self.weights)[1:-1]:
            h = self._activation(h @ weight.mT)
        return h @ self.weights[-1].mT
