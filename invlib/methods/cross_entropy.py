"""The cross-entropy of a linear map, in function space (paper linear, App. C.2)."""

from dataclasses import dataclass, replace
from typing import Self

import torch
from torch import Tensor

from invlib.groups import Group


@dataclass(frozen=True)
class CrossEntropy:
    """The mean over samples of −log softmax(W x)_y, plus tr(W P Wᵀ) if there is a penalty.

    With a group every sample stands with its whole orbit. W ρ(g) is applied to the plain samples:
    the few rows of W turn, not the many images.
    """

    X: Tensor  # [seeds, n, inputs]
    Y: Tensor  # [seeds, n, classes], one-hot
    group: Group | None = None
    penalty: Tensor | None = None  # P [inputs, inputs], symmetric

    def value(self, W: Tensor) -> Tensor:
        logits = self._logits(W)
        error = torch.logsumexp(logits, -1) - (logits * self.Y.unsqueeze(-2)).sum(-1)
        value = error.mean((-2, -1))
        return value if self.penalty is None else value + ((W @ self.penalty) * W).sum((-2, -1))

    def gradient(self, W: Tensor) -> Tensor:
        logits = self._logits(W)
        error = logits.softmax(-1) - self.Y.unsqueeze(-2)  # [seeds, n, copies, classes]
        copies = error.shape[-2]
        moved = (error.flatten(-2).mT @ self.X).unflatten(-2, (copies, -1))
        gradient = self._back(moved) / (self.X.shape[-2] * copies)
        return gradient if self.penalty is None else gradient + 2 * W @ self.penalty

    def penalized(self, penalty: Tensor) -> Self:
        """The same plus tr(W P Wᵀ) for a symmetric P [inputs, inputs]."""
        return replace(self, penalty=penalty if self.penalty is None else self.penalty + penalty)

    def _logits(self, W: Tensor) -> Tensor:
        """W ρ(g) x for every sample and element: [seeds, n, copies, classes]."""
        if self.group is None:
            return (self.X @ W.mT).unsqueeze(-2)
        elements = range(self.group.order)
        turned = torch.cat([self.group.act(W, self.group.inverse(k)) for k in elements], -2)
        return (self.X @ turned.mT).unflatten(-1, (self.group.order, -1))

    def _back(self, moved: Tensor) -> Tensor:
        """The gradients of the maps W ρ(g) [seeds, copies, classes, inputs] as one of W."""
        if self.group is None:
            return moved.squeeze(-3)
        return sum(self.group.act(moved[..., k, :, :], k) for k in range(self.group.order))


class CrossEntropyLoss:
    """The mean cross-entropy over samples, as `torch.nn.CrossEntropyLoss` takes it."""

    def on(self, X: Tensor, Y: Tensor) -> CrossEntropy:
        return CrossEntropy(X, Y)

    def on_orbits(self, X: Tensor, Y: Tensor, group: Group) -> CrossEntropy:
        return CrossEntropy(X, Y, group)
