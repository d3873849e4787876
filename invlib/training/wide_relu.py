"""Plain gradient descent of wide ReLU networks on whole orbits of images."""

import torch
from torch import Tensor

from invlib.errors import InvlibError
from invlib.models.wide_relu import WideReLU


def train_on_orbits(
    network: WideReLU, orbits: Tensor, Y: Tensor, *, rate: Tensor, steps: int, averaged: bool
) -> None:
    """Steps on the mean over samples of ½ ‖f − y‖²; orbits [seeds, n, order, pixels], rate [seeds].

    Data augmentation: every turned copy is a sample of its own. `averaged`: the network is
    f_conv(x), the mean of f over the orbit of x, and each image is one sample. The two differ only
    in the error that is passed back: each copy's own, or the mean over its orbit.
    """
    seeds, n, order, pixels = orbits.shape
    X = orbits.reshape(seeds, n * order, pixels)
    # predictions are f minus f at the start, so the start counts as part of what is wanted
    wanted = Y.unsqueeze(2) + network.output(X).unflatten(1, (n, order))
    rate = rate[:, None, None]
    for _ in range(steps):
        error = network.output(X).unflatten(1, (n, order)) - wanted
        if averaged:
            error = error.mean(2, keepdim=True).expand(-1, -1, order, -1)
        first, second = network.gradients(X, error.flatten(1, 2) / (n * order))
        network.first = network.first - rate * first
        network.second = network.second - rate * second
    if not torch.isfinite(network.second).all():
        raise InvlibError(f"training diverged within {steps} steps; try a smaller rate.")
