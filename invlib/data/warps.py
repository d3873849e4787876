"""Distortions that move the pixels of an image: elastic, and affine.

As in `distortions`: images [n, pixels] in [0, 1], a strength from 0 to 1, a generator. Values
between pixels are interpolated linearly; what comes from outside the image is black.
"""

import math

import torch
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample, interpolate

from invlib.errors import UsageError

KNOTS = 6  # the elastic field is drawn on a KNOTS x KNOTS grid, so its hills span about side / 6
FARTHEST = 1 / 9  # standard deviation of a knot's displacement at strength 1, in sides
WIDEST_TURN = math.pi / 4  # of the affine distortion at strength 1
STEEPEST_SHEAR = 0.5
LARGEST_SCALE = 1.5


def elastic(images: Tensor, strength: float, generator: torch.Generator) -> Tensor:
    """A smooth random field moves the pixels; its knots move by about strength · side / 9."""
    side = check(images, strength)
    if strength == 0:
        return images.clone()
    knots = torch.randn((len(images), 2, KNOTS, KNOTS), generator=generator, dtype=images.dtype)
    field = interpolate(knots, (side, side), mode="bicubic", align_corners=True)
    shift = 2 * strength * FARTHEST * field  # the grid goes from -1 to 1
    return _sampled(images, side, _identity(len(images), images) + shift.permute(0, 2, 3, 1))


def affine(images: Tensor, strength: float, generator: torch.Generator) -> Tensor:
    """A random turn, shear and scaling about the centre.

    Uniform between the extremes, which at strength 1 are 45° and a shear of 0.5 to either side,
    and scales of 1.5 and 1 / 1.5.
    """
    side = check(images, strength)
    if strength == 0:
        return images.clone()
    drawn = 2 * torch.rand((3, len(images)), generator=generator, dtype=images.dtype) - 1
    turn, shear, scale = strength * drawn
    angle, slope = turn * WIDEST_TURN, shear * STEEPEST_SHEAR
    size = torch.exp(scale * math.log(LARGEST_SCALE))
    cos, sin, zero = angle.cos(), angle.sin(), torch.zeros_like(angle)
    # the map from a place in the new image to one in the old: shear, then turn, then scale
    rows = [cos, slope * cos - sin, zero, sin, slope * sin + cos, zero]
    matrix = torch.stack(rows, 1).view(-1, 2, 3) / size[:, None, None]
    grid = affine_grid(matrix, [len(images), 1, side, side], align_corners=False)
    return _sampled(images, side, grid)


def check(images: Tensor, strength: float) -> int:
    """The side of the images; what is no batch of square images, or no strength, is refused."""
    if not isinstance(images, Tensor) or images.ndim != 2 or not images.is_floating_point():
        given = list(images.shape) if isinstance(images, Tensor) else type(images).__name__
        raise UsageError(f"images is {given}; it must be a tensor of floats [n, pixels].")
    side = math.isqrt(images.shape[-1])
    if side * side != images.shape[-1] or side == 0:
        raise UsageError(f"an image of {images.shape[-1]} pixels is not square.")
    if isinstance(strength, bool) or not 0 <= strength <= 1:
        raise UsageError(f"strength is {strength!r}; it must lie between 0 and 1.")
    return side


def _identity(n: int, like: Tensor) -> Tensor:
    """The grid that samples every pixel where it is [n, side, side, 2]."""
    side = math.isqrt(like.shape[-1])
    return affine_grid(torch.eye(2, 3, dtype=like.dtype).expand(n, 2, 3), [n, 1, side, side], False)


def _sampled(images: Tensor, side: int, grid: Tensor) -> Tensor:
    found = grid_sample(images.view(-1, 1, side, side), grid, align_corners=False)
    return found.view(images.shape).clamp(0, 1)
