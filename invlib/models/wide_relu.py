"""A two-layer ReLU network, scaled so that infinite width has a kernel (linear, App. B.8)."""

from collections.abc import Sequence

import torch
from torch import Tensor


class WideReLU:
    """f(x) = (1/√m) A max(W x, 0), one network per generator, all entries drawn from N(0, 1).

    Predictions are f minus f at the start: 0 before training, as the kernel's predictor is.
    """

    def __init__(
        self, *, inputs: int, hidden: int, outputs: int, generators: Sequence[torch.Generator]
    ) -> None:
        first = [torch.randn(hidden, inputs, generator=g, dtype=torch.float64) for g in generators]
        second = [
            torch.randn(outputs, hidden, generator=g, dtype=torch.float64) for g in generators
        ]
        self.first = torch.stack(first)  # W [seeds, hidden, inputs]
        self.second = torch.stack(second)  # A [seeds, outputs, hidden]
        self.scale = hidden**-0.5
        self._start = self.first, self.second

    def output(self, X: Tensor) -> Tensor:
        """f [seeds, n, outputs] for X [seeds, n, inputs] or [n, inputs]."""
        return self._output(X, self.first, self.second)

    def __call__(self, X: Tensor) -> Tensor:
        """Predictions, what training has changed in f: [seeds, n, outputs]."""
        return self.output(X) - self._output(X, *self._start)

    def _output(self, X: Tensor, first: Tensor, second: Tensor) -> Tensor:
        return self.scale * (X @ first.mT).relu() @ second.mT

    def gradients(self, X: Tensor, pull: Tensor) -> tuple[Tensor, Tensor]:
        """What Σ pull · f adds up to as gradients of W and A, for pull [seeds, n, outputs]."""
        before = X @ self.first.mT
        second = self.scale * pull.mT @ before.relu()
        first = self.scale * ((pull @ self.second) * (before > 0)).mT @ X
        return first, second

    def tangent_kernel(self, X: Tensor) -> Tensor:
        """∇f(x_i)·∇f(x_j) of the first output: [seeds, n, n]."""
        before = X @ self.first.mT
        lit = (before > 0).to(X)
        through_second = before.relu() @ before.relu().mT
        through_first = (lit * self.second[:, :1].square()) @ lit.mT * (X @ X.mT)
        return self.scale**2 * (through_first + through_second)
