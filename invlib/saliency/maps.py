"""The saliency map m_f of paper genuine (Sec. 4), in its three steps."""

import math

import torch
from torch import Tensor
from torch.nn.functional import conv2d, pad

from invlib.errors import UsageError
from invlib.saliency.gradients import Model
from invlib.saliency.integrated import integrated_gradients

KEPT = 0.9  # of the largest value; what lies below is set to zero
KERNEL = 3
SIGMA = 1.0


def saliency_map(model: Model, x: Tensor, y: Tensor, *, steps: int = 32) -> Tensor:
    """The saliency map m_f(x) [n, pixels] of the logits of classes y: where |IG| is strongest.

    The paper accumulates "absolute values of integrated gradients": here the absolute value of
    the integral. Taking it under the integral instead gives the same map for a ReLU network
    without biases on the way from the zero of its input, the mean grey, along which its gradient is
    constant; from a black image it need not.
    """
    attributions = integrated_gradients(model, x, y, steps=steps)
    return smooth(keep_strongest(attributions.abs()))


def keep_strongest(values: Tensor) -> Tensor:
    """Each map with all values below 0.9 of its own maximum set to zero.

    The paper does not say whether the maximum is that of one map or of all: here of one.
    """
    return values * (values >= KEPT * values.amax(-1, keepdim=True))


def smooth(values: Tensor) -> Tensor:
    """Maps [n, pixels] of square images after a Gaussian filter, kernel size 3 and σ = 1.

    The paper does not say what lies beyond the border: here the opposite border, because only
    then does the filter commute with cyclic translations, as it does with quarter turns anyway.
    """
    side = math.isqrt(values.shape[-1])
    if side * side != values.shape[-1]:
        raise UsageError(f"a map of {values.shape[-1]} pixels is not a square image.")
    reach = KERNEL // 2
    profile = torch.exp(-(torch.arange(-reach, reach + 1).to(values) ** 2) / (2 * SIGMA**2))
    kernel = torch.outer(profile, profile) / profile.sum() ** 2
    images = values.view(-1, 1, side, side)
    wrapped = pad(images, (reach, reach, reach, reach), mode="circular")
    return conv2d(wrapped, kernel.view(1, 1, KERNEL, KERNEL)).view_as(values)
