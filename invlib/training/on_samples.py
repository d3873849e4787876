"""Training on the samples themselves, as one writes it in PyTorch without a second thought.

This book trains on second moments instead (`full_batch`). Here is the plain way: its cost is the
one that the paper compares (Sec. 4), its weights take the same path.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from invlib.models.two_layer import TwoLayerLinear


def unchanged(images: Tensor) -> Tensor:
    return images


class OnSamples:
    """A two-layer linear network, mean squared error and full-batch Adam, for one seed.

    `prepare` is applied to the images in every epoch; `penalty` is a function of W = W₂ W₁ that is
    added to the loss.
    """

    def __init__(
        self,
        *,
        images: Tensor,  # [n, pixels]
        targets: Tensor,  # [n, classes]
        hidden: int,
        generator: torch.Generator,
        prepare: Callable[[Tensor], Tensor] = unchanged,
        penalty: Callable[[Tensor], Tensor] | None = None,
        learning_rate: float = 0.001,
    ) -> None:
        self.images, self.targets = images, targets
        self.prepare, self.penalty = prepare, penalty
        start = TwoLayerLinear(
            inputs=prepare(images[:1]).shape[-1],
            hidden=hidden,
            outputs=targets.shape[-1],
            generators=[generator],
        )
        self.first, self.second = (
            nn.Parameter(layer.detach()[0].to(images)) for layer in start.parameters()
        )
        self.optimizer = torch.optim.Adam([self.first, self.second], lr=learning_rate)

    @property
    def size(self) -> int:
        """How many numbers are trained."""
        return self.first.numel() + self.second.numel()

    def matrix(self) -> Tensor:
        """The map on prepared images, W = W₂ W₁ [classes, inputs]."""
        return self.second @ self.first

    def epoch(self) -> None:
        """One step on all samples."""
        self.optimizer.zero_grad()
        outputs = self.prepare(self.images) @ self.first.T @ self.second.T
        loss = nn.functional.mse_loss(outputs, self.targets)
        if self.penalty is not None:
            loss = loss + self.penalty(self.matrix())
        loss.backward()
        self.optimizer.step()
