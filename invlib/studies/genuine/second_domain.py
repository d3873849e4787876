"""What the images drift to: a second domain, of the same size, and its scalar statistics."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, pad

from invlib.data.photographs import load_photographs
from invlib.studies.genuine.sample import Sample, prepare
from invlib.training.seeds import stream

PHOTOGRAPHS = "photographs"
SHRINK = (
    3  # photographs are made smaller by this factor, so that a patch holds more than a gradient
)


@dataclass(frozen=True)
class SecondDomain:
    """Images [n, pixels] in [0, 1], padded as the first domain's are, and their statistics."""

    pixels: Tensor
    mean: float
    deviation: float


def second_domain(sample: Sample, name: str, side: int, seed: int) -> SecondDomain:
    """As many images as the sample has test images, drawn anew for every seed.

    A data set's are split as the first one's are: class 9 left out, statistics of a training part.
    """
    if name != PHOTOGRAPHS:
        parts = prepare(_on(sample, name), seed)
        return SecondDomain(parts.test.pixels, parts.mean, parts.deviation)
    bare = side - 2 * sample.padding
    patches = pad(_patches(sample.test, bare, seed), [sample.padding] * 4).flatten(1)
    deviation, mean = torch.std_mean(patches.double(), correction=0)
    return SecondDomain(patches, float(mean), float(deviation))


def _on(sample: Sample, name: str) -> Sample:
    """The sample's sizes on another data set."""
    own = {key: getattr(sample, key) for key in ("padding", "train", "validation", "test")}
    return replace(Sample(), dataset=name, **own)


def _patches(count: int, side: int, seed: int) -> Tensor:
    """Square grey patches [count, side, side] from random places of the bundled photographs."""
    grey = load_photographs().images.mean(-1)  # [photographs, h, w]
    small = avg_pool2d(grey[:, None], SHRINK)[:, 0]
    photographs, height, width = small.shape
    places = [
        torch.randint(most, (count,), generator=stream(seed, f"patches, {what}"))
        for what, most in (
            ("photograph", photographs),
            ("row", height - side + 1),
            ("column", width - side + 1),
        )
    ]
    windows = small.unfold(1, side, 1).unfold(2, side, 1)
    return windows[places[0], places[1], places[2]]
