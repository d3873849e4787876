"""Problems whose regularization path jumps, though they meet all assumptions of Theorem 9.

Two sensors see two classes. Each image lights one sensor only, each class is read off one sensor,
and the group swaps pixels in pairs within each sensor. Then Z_reg(λ) has two rows that stay
orthogonal, and their lengths, the two singular values, are independent functions of λ. A map of
rank one keeps the longer row. Where the lengths cross, it drops one class and takes up the other.
"""

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from invlib.closed_form.path import regularized_path
from invlib.groups import Group, from_permutations
from invlib.training.seeds import stream

RANK = 1
PAIRS = 2  # swapped pairs of pixels of each sensor
IMAGES = 10  # that light each sensor


def swaps(pairs: int) -> Group:
    """The group of order two that swaps pixels 0 and 1, 2 and 3, and so on."""
    pixels = torch.arange(2 * pairs)
    return from_permutations([pixels, pixels ^ 1], name="swaps")


def smallest_problem() -> tuple[Tensor, Tensor, Group]:
    """Four images, each with one pixel lit, and targets in whole numbers (samples are rows).

    Class one is 2, 2, 0, 0 and class two is 0, 0, 3, −1. The squared singular values of Z_reg(λ)
    are 8 and 2 + 8 / (1 + 16 λ): never 0, and equal at λ = 1/48.
    """
    Y = torch.tensor([[2, 2, 0, 0], [0, 0, 3, -1]], dtype=torch.float64).mT
    return torch.eye(4, dtype=torch.float64), Y, swaps(2)


def random_problems(seeds: Sequence[int], crosstalk: float) -> tuple[Tensor, Tensor, Group]:
    """One problem per seed: X [seeds, n, pixels], Y [seeds, n, 2].

    Class one is mostly the sum over its sensor, which a swap does not change; class two mostly the
    differences within pairs, which a swap turns round. Class two is scaled so that it is the longer
    row of Z_reg at λ = 0 by as much as it is the shorter at λ = ∞. `crosstalk` is how much light,
    drawn at random, falls on the sensor that an image should leave dark.
    """
    group = swaps(2 * PAIRS)
    drawn = [_draw(stream(seed, "sensors")) for seed in seeds]
    X, Y, leak = (torch.stack(parts) for parts in zip(*drawn, strict=True))
    ends = torch.tensor([0.0, math.inf], dtype=torch.float64)
    lengths = [
        regularized_path(X, Y[..., k : k + 1], group).singular_values(ends)[..., 0] for k in (0, 1)
    ]
    scale = (lengths[0] / lengths[1]).log().mean(-1).exp()
    Y = Y * torch.stack([torch.ones_like(scale), scale], -1).unsqueeze(-2)
    return X + crosstalk * leak, Y, group


def _draw(generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """Images without crosstalk, targets, and the light that crosstalk would add."""

    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    width = 2 * PAIRS
    own = torch.kron(torch.eye(2), torch.ones(IMAGES, width)).double()  # 1 where an image has light
    light = normal(2 * IMAGES, 2 * width)
    first, second = (light * own).split(width, dim=1)
    noise = 0.3 * normal(2 * IMAGES, 2) * own[:, [0, -1]]
    signs = torch.tensor([1.0, -1.0], dtype=torch.float64).repeat(PAIRS)
    Y = torch.stack([first.sum(1), second @ signs], 1) + noise
    return light * own, Y, light * (1 - own)
