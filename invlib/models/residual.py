"""The perceptron of paper genuine with skip connections, several side by side as one batch."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from invlib.models.mlp import linear_init


class BatchedResidual(nn.Module):
    """h = W₁x, then blocks h + B σ(A σ(h)), then W σ(h), with σ = ReLU and without bias.

    With k blocks it has the very layers of a perceptron with 1 + 2k hidden ones. One network per
    generator; weights start at PyTorch's default for a linear layer.
    """

    def __init__(
        self,
        *,
        inputs: int,
        width: int,
        blocks: int,
        outputs: int,
        generators: Sequence[torch.Generator],
        dtype: torch.dtype = torch.float32,
    ) -> None:
        super().__init__()
        shapes = [(width, inputs), *[(width, width)] * (2 * blocks), (outputs, width)]
        self.weights = nn.ParameterList(  # each [networks, rows, columns]
            torch.stack([linear_init(*shape, generator)[0] for generator in generators]).to(dtype)
            for shape in shapes
        )

    def encode(self, x: Tensor) -> Tensor:
        """Images as they are: nothing is to be prepared before training."""
        return x

    def forward(self, x: Tensor) -> Tensor:
        """Logits [networks, n, outputs] for images [n, inputs] or [networks, n, inputs]."""
        first, *inside, last = self.weights
        h = x @ first.mT
        for A, B in zip(inside[::2], inside[1::2], strict=True):
            h = h + (h.relu() @ A.mT).relu() @ B.mT
        return h.relu() @ last.mT
