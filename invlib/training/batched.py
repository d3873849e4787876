"""Full-batch training with Adam of whatever leaves its gradients in its parameters."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from invlib.errors import InvlibError


def train_batched(
    network: nn.Module,
    step: Callable[[], None],
    *,
    epochs: int,
    learning_rate: float,
    observe_every: int,
    observe: Callable[[int], Tensor],
) -> None:
    """Steps on all samples at once, for a module that may hold several networks.

    `step()` leaves the gradients in the parameters. `observe(epoch)` sees every `observe_every`-th
    epoch, the first and the last, and answers with the losses, one per network: they must be
    finite. Adam works entry by entry, so networks trained together do not touch each other.
    """
    optimizer = torch.optim.Adam(network.parameters(), lr=learning_rate, fused=True)
    for epoch in range(epochs + 1):
        if epoch % observe_every == 0 or epoch == epochs:
            losses = observe(epoch)
            if not torch.isfinite(losses).all():
                raise InvlibError(
                    f"the loss is {losses.tolist()} at epoch {epoch}: training diverged. "
                    f"Try a learning_rate below {learning_rate}."
                )
        if epoch < epochs:
            optimizer.zero_grad()
            step()
            optimizer.step()
