"""The weight-tied perceptron of paper genuine (WT): invariant by pooling over the group."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from invlib.groups.group import Group
from invlib.groups.orbit_frequencies import OrbitFrequencies
from invlib.models.mlp import BatchedMLP
from invlib.models.perceptron import layers


class WeightTiedMLP(nn.Module):
    """h₁ = mean over g of ReLU(W₁ g x), then the layers of a plain perceptron without biases.

    Several networks side by side, as `BatchedMLP`, with the same initial weights for the same
    generators. `forward` takes images that `encode` has prepared once.
    """

    invariant = True  # every member of an orbit is the same to it

    def __init__(
        self, group: Group, *, widths: Sequence[int], generators: Sequence[torch.Generator]
    ) -> None:
        super().__init__()
        self._orbits = OrbitFrequencies(group)
        plain = BatchedMLP(widths=widths, activation="relu", generators=generators)
        self.weights = plain.weights  # W₁, W₂, ...: each [networks, rows, columns]

    def encode(self, x: Tensor) -> Tensor:
        return self._orbits.encode(x)

    def pooled(self, encoded: Tensor) -> Tensor:
        """The invariant first hidden layer [networks, n, width]."""
        total: Tensor | int = 0
        for product in self._orbits.products(encoded, self.weights[0]):
            total = total + product.relu_()
        return total / self._orbits.order

    def forward(self, encoded: Tensor) -> Tensor:
        """Logits [networks, n, classes]."""
        return layers(self.pooled(encoded), list(self.weights)[1:])
