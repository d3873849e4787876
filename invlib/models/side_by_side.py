"""Two-layer networks of several activations and widths, trained on the same inputs at once.

They share the inputs, so their first layers are one matrix and one multiplication, several times
faster than many thin ones. The gradient of the mean squared error is written out: autograd passes
over memory twice as often. The library's tests hold both against plain PyTorch networks.
"""

from collections.abc import Sequence
from typing import Protocol

import torch
from torch import Tensor, nn

from invlib.models.activations import ACTIVATIONS
from invlib.models.mlp import BatchedMLP


class Inputs(Protocol):
    """Inputs that know their products with weights, and the adjoint of that map."""

    def products(self, W: Tensor) -> Tensor: ...  # [rows, inputs] -> [rows, poses, n]
    def adjoint(self, dZ: Tensor) -> Tensor: ...  # back


class PlainInputs:
    """Inputs X [n, inputs] as they are, in a single pose."""

    def __init__(self, X: Tensor) -> None:
        self._X = X.mT.contiguous()

    def products(self, W: Tensor) -> Tensor:
        return (W @ self._X).unsqueeze(1)

    def adjoint(self, dZ: Tensor) -> Tensor:
        return dZ[:, 0] @ self._X.mT


class SideBySide(nn.Module):
    """Networks x ↦ W₂ σ(W₁ x) without bias, one for each given MLP, on inputs of the same kind."""

    def __init__(self, networks: Sequence[BatchedMLP]) -> None:
        super().__init__()
        self.activations = [network.activation for network in networks]
        firsts = [network.weights[0].detach()[0] for network in networks]
        self.hidden = [len(first) for first in firsts]
        self.first = nn.Parameter(torch.cat(firsts))  # [all hidden units, inputs]
        self.seconds = nn.ParameterList(
            [network.weights[1].detach()[0].clone() for network in networks]
        )

    @torch.no_grad()
    def outputs(self, inputs: Inputs) -> list[Tensor]:
        """What each network says to each input in each pose: [outputs, poses, n]."""
        Z = inputs.products(self.first).split(self.hidden)
        return [
            _apply(second, ACTIVATIONS[name].value(z))
            for name, z, second in zip(self.activations, Z, self.seconds, strict=True)
        ]

    @torch.no_grad()
    def step(self, inputs: Inputs, targets: Tensor) -> None:
        """Leave in `.grad` the gradient of each network's mean squared error.

        Targets [outputs, n] hold for every pose. Networks do not touch each other.
        """
        Z = inputs.products(self.first)
        place = 0
        for name, hidden, second in zip(self.activations, self.hidden, self.seconds, strict=True):
            z = Z[place : place + hidden]
            h = ACTIVATIONS[name].value(z)
            residual = _apply(second, h).sub_(targets.unsqueeze(1))
            flat = residual.flatten(1)
            # in this order it is faster; fused Adam reads gradients as they lie in memory
            second.grad = (h.flatten(1) @ flat.mT).mul_(2 / residual.numel()).mT.contiguous()
            dh = ((2 / residual.numel()) * second.mT @ flat).view_as(h)
            z.copy_(ACTIVATIONS[name].pull_back(dh, z, h))  # in place of z, which is used up
            place += hidden
        self.first.grad = inputs.adjoint(Z)

    def weights(self) -> list[tuple[Tensor, Tensor]]:
        """W₁ and W₂ of each network."""
        firsts = self.first.detach().split(self.hidden)
        return list(zip(firsts, (second.detach() for second in self.seconds), strict=True))


def _apply(second: Tensor, h: Tensor) -> Tensor:
    return (second @ h.flatten(1)).view(len(second), *h.shape[1:])
