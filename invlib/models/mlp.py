"""Fully connected networks of one architecture, several of them side by side as one batch."""

import itertools
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from invlib.errors import UsageError, unknown
from invlib.models.activations import ACTIVATIONS


class BatchedMLP(nn.Module):
    """x ↦ W_L σ(… σ(W₁ x + b₁) …) + b_L, one network per generator, trained together.

    `widths` lists the inputs, every hidden layer and the outputs. Weights and biases start at
    PyTorch's default for a linear layer, drawn in float64 whatever the network's dtype.
    """

    def __init__(
        self,
        *,
        widths: Sequence[int],
        activation: str,
        generators: Sequence[torch.Generator],
        bias: bool = False,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        super().__init__()
        if activation not in ACTIVATIONS:
            raise unknown("value", activation, ACTIVATIONS, where="for activation")
        if len(widths) < 2:
            raise UsageError(f"widths is {list(widths)}; it must list inputs and outputs at least.")
        self.activation = activation
        weights, biases = [], []
        for columns, rows in itertools.pairwise(widths):
            draws = [linear_init(rows, columns, generator, bias) for generator in generators]
            weights.append(torch.stack([weight for weight, _ in draws]).to(dtype))
            if bias:
                biases.append(torch.stack([b for _, b in draws]).to(dtype))
        self.weights = nn.ParameterList(weights)  # each [networks, rows, columns]
        self.biases = nn.ParameterList(biases)  # each [networks, rows]; empty without bias

    def forward(self, x: Tensor) -> Tensor:
        """Outputs [networks, n, outputs] for images [n, inputs] or [networks, n, inputs]."""
        return self.after_first(x @ self.weights[0].mT)

    def after_first(self, z: Tensor) -> Tensor:
        """Outputs [networks, n, outputs] from products of W₁ with the inputs [networks, n, h].

        For whoever has these products by a shorter way than one multiplication per input.
        """
        for layer in range(len(self.weights)):
            if layer:
                z = ACTIVATIONS[self.activation].value(z) @ self.weights[layer].mT
            if len(self.biases):
                z = z + self.biases[layer].unsqueeze(-2)
        return z


def linear_init(
    rows: int, columns: int, generator: torch.Generator, bias: bool = False
) -> tuple[Tensor, Tensor | None]:
    """PyTorch's default for a linear layer: weight and bias uniform in ±1/√columns, float64."""
    bound = columns**-0.5
    weight = _uniform((rows, columns), bound, generator)
    return weight, _uniform((rows,), bound, generator) if bias else None


def _uniform(shape: tuple[int, ...], bound: float, generator: torch.Generator) -> Tensor:
    return (2 * torch.rand(shape, generator=generator, dtype=torch.float64) - 1) * bound
