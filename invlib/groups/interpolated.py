"""Turns by any angle with bilinear interpolation: linear, but neither orthogonal nor a group."""

import math

import torch
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample


def interpolated_turns(side: int, count: int) -> Tensor:
    """Turns of a side x side image by k/count of a full turn: [count, pixels, pixels], float64.

    What is turned in from outside the image is 0. Quarter turns come out exact.
    """
    angles = 2 * math.pi * torch.arange(count, dtype=torch.float64) / count
    cos, sin, zero = angles.cos(), angles.sin(), torch.zeros_like(angles)
    rows = torch.stack([cos, -sin, zero, sin, cos, zero], 1).view(count, 2, 3)
    pixels = side * side
    grid = affine_grid(rows, [count, 1, side, side], align_corners=False)
    images = torch.eye(pixels, dtype=torch.float64).view(1, pixels, side, side)
    turned = grid_sample(images.expand(count, -1, -1, -1), grid, align_corners=False)
    return turned.view(count, pixels, pixels).mT  # channel p holds the turned image of pixel p
