"""What can happen to an image between a test set and the world, at a strength from 0 to 1.

Each distortion is a function of flattened square images [n, pixels] in [0, 1], a strength and a
generator, and gives images of the same shape and range. Strength 0 changes nothing; how far 1 goes
is what each docstring says. Lengths are parts of the image's side, so that a strength means the
same at every resolution.
"""

import math
from collections.abc import Callable, Mapping

import torch
from torch import Tensor
from torch.nn.functional import conv1d

from invlib.data.warps import affine, check, elastic

Distortion = Callable[[Tensor, float, torch.Generator], Tensor]
WIDEST_BLUR = 1 / 9  # standard deviation of the blur at strength 1, in sides of the image
GREY = 0.5


def noise(images: Tensor, strength: float, generator: torch.Generator) -> Tensor:
    """Gaussian noise of standard deviation `strength` on every pixel, clipped to [0, 1]."""
    check(images, strength)
    drawn = torch.randn(images.shape, generator=generator, dtype=images.dtype)
    return (images + strength * drawn).clamp(0, 1)


def blur(images: Tensor, strength: float, generator: torch.Generator) -> Tensor:
    """A Gaussian blur; at strength 1 its standard deviation is a ninth of the side."""
    side = check(images, strength)
    sigma = max(strength * WIDEST_BLUR * side, 0.01)  # of a pixel: no blur at all
    reach = min(math.ceil(4 * sigma), side - 1)
    offsets = torch.arange(-reach, reach + 1, dtype=images.dtype)
    profile = torch.exp(-((offsets / sigma) ** 2) / 2)
    kernel = (profile / profile.sum()).view(1, 1, -1)
    rows = images.view(-1, 1, side)  # one image row each; beyond the border lies black
    along = conv1d(rows, kernel, padding=reach).view(-1, side, side)
    across = conv1d(along.mT.reshape(-1, 1, side), kernel, padding=reach).view(-1, side, side)
    return across.mT.reshape(images.shape).clamp(0, 1)


def contrast(images: Tensor, strength: float, generator: torch.Generator) -> Tensor:
    """Every pixel moves by a part `strength` of its way to the image's own mean."""
    check(images, strength)
    return torch.lerp(images, images.mean(-1, keepdim=True), strength)


def occlusion(images: Tensor, strength: float, generator: torch.Generator) -> Tensor:
    """A grey square, `strength` times as wide as the image, at a random place inside it."""
    side = check(images, strength)
    width = round(strength * side)
    corner = torch.randint(side - width + 1, (len(images), 2, 1), generator=generator)
    line = torch.arange(side)
    covered = (line >= corner) & (line < corner + width)  # [n, 2, side]: rows and columns
    square = covered[:, 0, :, None] & covered[:, 1, None, :]
    return torch.where(square.flatten(1), GREY, images)


DISTORTIONS: Mapping[str, Distortion] = {
    "noise": noise,
    "blur": blur,
    "contrast": contrast,
    "occlusion": occlusion,
    "elastic": elastic,
    "affine": affine,
}
