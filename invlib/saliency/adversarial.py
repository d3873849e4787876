"""Images changed so as to be misread: one step or several up the loss, within a box around them.

Both attacks climb z = log Σ_{k ≠ y} exp f_k − f_y in place of the cross-entropy −log p_y. The
cross-entropy is log(1 + eᶻ), which grows with z, so the signs of the two gradients agree. But where
a network is sure of itself the gradient of the cross-entropy vanishes in rounding, and an attack
on it would fail for no better reason than that.
"""

import torch
from torch import Tensor

from invlib.errors import UsageError
from invlib.saliency.gradients import Model, check_images, check_labels, image_gradient


def fgsm(model: Model, pixels: Tensor, y: Tensor, radius: float) -> Tensor:
    """The fast gradient sign method: one step of `radius` for every pixel (Goodfellow et al. 2015).

    Images [n, pixels] in [0, 1] stay there. For two classes and a linear model this is the worst
    that a change of at most `radius` per pixel can do.
    """
    _check(pixels, y, radius)
    return (pixels + radius * _uphill(model, pixels, y)).clamp(0, 1)


def pgd(
    model: Model,
    pixels: Tensor,
    y: Tensor,
    radius: float,
    *,
    steps: int = 10,
    generator: torch.Generator,
) -> Tensor:
    """Projected gradient descent: small sign steps inside the box of FGSM (Madry et al. 2018).

    It starts at a random point of the box, each step is 2.5 radius / steps long, and what leaves
    the box or [0, 1] is put back.
    """
    _check(pixels, y, radius)
    if isinstance(steps, bool) or not isinstance(steps, int) or steps < 1:
        raise UsageError(f"steps is {steps!r}; it must be a whole number of at least 1.")
    low, high = (pixels - radius).clamp_min(0), (pixels + radius).clamp_max(1)
    drawn = 2 * torch.rand(pixels.shape, generator=generator, dtype=pixels.dtype) - 1
    found = (pixels + radius * drawn).clamp(low, high)
    for _ in range(steps):
        found = (found + 2.5 * radius / steps * _uphill(model, found, y)).clamp(low, high)
    return found


def shortfall(logits: Tensor, y: Tensor) -> Tensor:
    """z = log Σ_{k ≠ y} exp f_k − f_y [n]: above 0 when class y has less than half of the odds."""
    own = y.long()[:, None]
    others = logits.scatter(1, own, float("-inf")).logsumexp(1)
    return others - logits.gather(1, own).squeeze(1)


def _uphill(model: Model, pixels: Tensor, y: Tensor) -> Tensor:
    return image_gradient(model, pixels, lambda logits: shortfall(logits, y)).sign()


def _check(pixels: Tensor, y: Tensor, radius: float) -> None:
    check_images(pixels)
    check_labels(pixels, y)
    if isinstance(radius, bool) or not 0 <= radius <= 1:
        raise UsageError(f"radius is {radius!r}; it must lie between 0 and 1.")
