"""What a model says about images, and how that changes with their pixels.

A model is any callable from images [n, pixels] to logits [n, classes] that treats each image on
its own. It is called as it comes: put a module into evaluation mode before.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from invlib.errors import UsageError

Model = Callable[[Tensor], Tensor]


def logits_of(model: Model, x: Tensor) -> Tensor:
    """The logits f(x) [n, classes] of images x [n, pixels]; any other output is refused."""
    logits = model(x)
    if not isinstance(logits, Tensor) or logits.ndim != 2 or len(logits) != len(x):
        shape = list(logits.shape) if isinstance(logits, Tensor) else type(logits).__name__
        raise UsageError(
            f"the model gives {shape} for {len(x)} images; it must give logits [n, classes]."
        )
    return logits


def image_gradient(model: Model, x: Tensor, select: Callable[[Tensor], Tensor]) -> Tensor:
    """The gradient, for each image of x, of the one number that `select` takes from its logits.

    `select` maps logits [n, classes] to [n]. The parameters' own gradients are left alone.
    """
    with torch.enable_grad():
        x = x.detach().requires_grad_()
        chosen = select(logits_of(model, x))
        return torch.autograd.grad(follows(chosen).sum(), x, materialize_grads=True)[0]


def follows(logits: Tensor) -> Tensor:
    """The logits, unless autograd cannot follow them back to the image: then a refusal.

    A gradient of zero in its place would pass for a model that ignores its input.
    """
    if not logits.requires_grad:
        raise UsageError(
            "the model's logits have no gradient: it detaches them, or computes them without one."
        )
    return logits


def check_images(x: Tensor) -> None:
    """Refuse what is not a batch of flattened images in floating point."""
    if not isinstance(x, Tensor) or x.ndim != 2 or 0 in x.shape or not x.is_floating_point():
        given = f"{x.dtype} {list(x.shape)}" if isinstance(x, Tensor) else type(x).__name__
        raise UsageError(f"x is {given}; it must be a tensor of floats [n, pixels] with n ≥ 1.")


def check_labels(x: Tensor, y: Tensor) -> None:
    """Refuse what is not one class number for each image."""
    if not isinstance(y, Tensor) or y.dtype not in (torch.int64, torch.int32, torch.uint8):
        given = y.dtype if isinstance(y, Tensor) else type(y).__name__
        raise UsageError(f"y is {given}; it must be a tensor of class numbers.")
    if y.shape != x.shape[:1]:
        raise UsageError(f"y has shape {list(y.shape)}; {len(x)} images need [{len(x)}].")
