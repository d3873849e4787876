"""Full-batch training of a linear network on an objective that is known in function space."""

from collections.abc import Callable
from typing import Protocol

import torch
from torch import Tensor

from invlib.errors import InvlibError

OPTIMIZERS = ("adam", "gradient_descent")


class Objective(Protocol):
    """A function of the map W that the network computes, one value per seed."""

    def value(self, W: Tensor) -> Tensor: ...
    def gradient(self, W: Tensor) -> Tensor: ...


class LinearNetwork(Protocol):
    """A network that computes a linear map."""

    def parameters(self) -> object: ...
    def matrix(self) -> Tensor: ...


def train_full_batch(
    network: LinearNetwork,
    objective: Objective,
    *,
    epochs: int,
    learning_rate: float,
    observe_every: int,
    observe: Callable[[int, Tensor, Tensor], None],
    optimizer: str = "adam",
) -> None:
    """Steps on all samples at once; `observe(epoch, W, loss)` sees every `observe_every`-th epoch.

    The gradient is taken in function space in closed form; autograd carries it to the layers.
    Both optimizers work entry by entry, so seeds trained together do not touch each other.
    """
    kind = {"adam": torch.optim.Adam, "gradient_descent": torch.optim.SGD}[optimizer]
    steps = kind(network.parameters(), lr=learning_rate, fused=True)
    for epoch in range(epochs + 1):
        W = network.matrix()
        if epoch % observe_every == 0 or epoch == epochs:
            loss = objective.value(W.detach())
            if not torch.isfinite(loss).all():
                raise InvlibError(
                    f"the loss is {loss.tolist()} at epoch {epoch}: training diverged. "
                    f"Try a learning_rate below {learning_rate}."
                )
            observe(epoch, W.detach(), loss)
        if epoch < epochs:
            steps.zero_grad()
            W.backward(objective.gradient(W.detach()))
            steps.step()
