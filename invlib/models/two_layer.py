"""The two-layer linear network of paper linear, several seeds of it side by side."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn


class TwoLayerLinear(nn.Module):
    """x ↦ W₂ W₁ x without bias, one network per generator, trained together as one batch.

    Both layers start at PyTorch's default for a linear layer, times `init_scale`.
    """

    def __init__(
        self,
        *,
        inputs: int,
        hidden: int,
        outputs: int,
        generators: Sequence[torch.Generator],
        init_scale: float = 1.0,
    ) -> None:
        super().__init__()
        first = [_linear_init(hidden, inputs, generator) for generator in generators]
        second = [_linear_init(outputs, hidden, generator) for generator in generators]
        self.first = nn.Parameter(init_scale * torch.stack(first))  # [seeds, hidden, inputs]
        self.second = nn.Parameter(init_scale * torch.stack(second))  # [seeds, outputs, hidden]

    def matrix(self) -> Tensor:
        """The linear map that the network computes, W = W₂ W₁ [seeds, outputs, inputs]."""
        return self.second @ self.first


def _linear_init(rows: int, columns: int, generator: torch.Generator) -> Tensor:
    """PyTorch's default for a linear layer: uniform in ±1/√fan_in."""
    bound = columns**-0.5
    draw = torch.rand(rows, columns, generator=generator, dtype=torch.float64)
    return (2 * draw - 1) * bound
