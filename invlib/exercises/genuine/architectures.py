"""The checks behind the exercises of genuine/architectures."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn.functional import conv2d

from invlib.exercises.verdict import Answer, attempted
from invlib.groups import rotations
from invlib.models.group_convolution import regular_kernels

SHAPES = ((1, 1, 3), (2, 3, 5), (4, 4, 3))  # channels in, channels out, side of the kernel


def check_weights(attempt: Callable[[int, int, int], tuple[int, int]]) -> Answer:
    """Whether `attempt(inside, outside, size)` counts the weights of a C4 group convolution.

    The first number is counted as the different numbers in the tied kernels, the second as all.
    """
    for inside, outside, size in SHAPES:
        found, wrong = attempted(attempt, inside, outside, size)
        if wrong is not None:
            return wrong
        if not isinstance(found, tuple) or len(found) != 2 or Ellipsis in found:
            return Answer("replace the dots: the function returns two numbers.")
        numbers = torch.arange(float(outside * inside * 4 * size * size))
        weights = numbers.view(outside, inside, 4, size * size)
        kernels = regular_kernels(weights, rotations(size))
        case = f"{inside} channels in, {outside} out and kernels of {size}x{size}"
        for what, counted, said in (
            ("learns", len(kernels.unique()), found[0]),
            ("uses", kernels.numel(), found[1]),
        ):
            if said != counted:
                return Answer(f"with {case} the layer {what} {counted} numbers, you say {said}.")
    return Answer()


def layers() -> dict[str, Callable[[Tensor], Tensor]]:
    """Small functions from images [side, side] to images, some equivariant to quarter turns."""
    blur = torch.tensor([[1.0, 2, 1], [2, 4, 2], [1, 2, 1]]) / 16
    edge = torch.tensor([[1.0, 0, -1], [2, 0, -2], [1, 0, -1]])

    def convolution(kernel: Tensor) -> Callable[[Tensor], Tensor]:
        return lambda image: conv2d(image[None, None], kernel[None, None], padding=1)[0, 0]

    return {
        "a blur": convolution(blur),
        "an edge filter": convolution(edge),
        "ReLU, pixel by pixel": torch.relu,
        "the mirror image": torch.fliplr,
        "the mean of all pixels, everywhere": lambda image: image.mean().expand(image.shape),
    }


def check_equivariance_error(
    attempt: Callable[[Callable[[Tensor], Tensor], Tensor], Tensor],
) -> Answer:
    """Whether `attempt(layer, image)` measures how a layer misses equivariance.

    That is the largest entry of |layer(turned image) − layer(image) turned|; a turn is `rot90()`.
    """
    image = torch.randn(6, 6, generator=torch.Generator().manual_seed(0))
    for name, layer in layers().items():
        found, wrong = attempted(attempt, layer, image)
        if wrong is not None:
            return wrong
        try:
            said = float(found)
        except (TypeError, ValueError, RuntimeError):
            return Answer("the result should be one number.")
        expected = float((layer(image.rot90()) - layer(image).rot90()).abs().max())
        if abs(said - expected) > 1e-5:
            still = float((layer(image.rot90()) - layer(image)).abs().max())
            if abs(said - still) < 1e-5:
                return Answer(f"for {name} you measure invariance: should the output not turn too?")
            return Answer(f"for {name} the largest difference is {expected:.3f}, not {said:.3f}.")
    return Answer()
