"""Integrated gradients (Sundararajan et al. 2017)."""

import operator

import torch
from torch import Tensor

from invlib.errors import UsageError
from invlib.saliency.gradients import Model, check_images, check_labels, image_gradient


def integrated_gradients(model: Model, x: Tensor, y: Tensor, *, steps: int = 32) -> Tensor:
    """How much each pixel of x [n, pixels] adds to the logit of class y [n], with its sign.

    x ⊙ ∫₀¹ ∇f_y(t x) dt, the integral by the midpoint rule. Over the pixels it sums to
    f_y(x) − f_y(0). Paper genuine (Sec. 4) states neither the baseline, nor the number of steps,
    nor whether the target is a logit or a probability, and of the true or the predicted class:
    here the black image, 32, the logit, and whatever class y names.
    """
    check_images(x)
    check_labels(x, y)
    try:
        count = operator.index(steps)
    except TypeError:
        count = 0
    if count < 1:
        raise UsageError(f"steps is {steps!r}; it must be a whole number of at least 1.")
    target = y.to(x.device).long()[:, None]
    total = torch.zeros_like(x)
    for step in range(count):
        part = (step + 0.5) / count
        total += image_gradient(model, part * x, lambda logits: _logit(logits, target))
    return x.detach() * total / count


def _logit(logits: Tensor, target: Tensor) -> Tensor:
    low, high = int(target.min()), int(target.max())
    if low < 0 or high >= logits.shape[1]:
        raise UsageError(
            f"classes y range from {low} to {high}; the model has {logits.shape[1]} classes."
        )
    return logits.gather(1, target).squeeze(1)
