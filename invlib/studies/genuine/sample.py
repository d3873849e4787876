"""The images of paper genuine: padded, one class left out, split anew for every seed (Sec. 4.1)."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import pad

from invlib.config import Config, option
from invlib.data.description import Manifest
from invlib.data.images import load
from invlib.data.manifest import read as read_manifest
from invlib.errors import InvlibError, UsageError
from invlib.groups import Group, rotations, translations
from invlib.settings import from_environment
from invlib.training.seeds import stream

LEFT_OUT = 9  # a 9 turned by half is a 6; in Fashion-MNIST it is the last class
CLASSES = 9
DATASETS = ("digits", "mnist", "fashion_mnist")
GROUPS: dict[str, Callable[[int], Group]] = {
    "R4": lambda side: rotations(side),
    "T3": lambda side: translations(side, 3),
}


@dataclass(frozen=True)
class Sample(Config):
    """Which images, and how many in each part."""

    dataset: str = option("digits", "data set", choices=DATASETS)
    padding: int = option(2, "black pixels added on every side", low=0, high=32)
    train: int = option(300, "training images", low=1)
    validation: int = option(100, "validation images", low=1)
    test: int = option(300, "test images", low=1)

    def check_against(self, manifest: Manifest) -> None:
        """Refuse, before anything is loaded, more images than there are, or an odd shape."""
        splits = [manifest.split(name) for name in ("train", "test")]
        available = sum(split.count - split.per_class[LEFT_OUT] for split in splits)
        asked = self.train + self.validation + self.test
        if asked > available:
            raise UsageError(
                f"parameters train, validation and test ask for {asked} images; {manifest.name} "
                f"has {available} without class {LEFT_OUT}."
            )
        side = splits[0].shape[0] + 2 * self.padding
        if side % 3:
            raise UsageError(
                f"parameter padding is {self.padding}: the images are {side} pixels wide, which 3 "
                "does not divide, so that T3 cannot shift them by a third."
            )


@dataclass(frozen=True)
class Part:
    """Images of one part, flattened, in [0, 1], and their classes."""

    pixels: Tensor  # [n, side * side] float32
    labels: Tensor  # [n]


@dataclass(frozen=True)
class Parts:
    """The three parts of one seed, and the scalar statistics of its training pixels."""

    train: Part
    validation: Part
    test: Part
    side: int
    mean: float
    deviation: float

    def normalize(self, pixels: Tensor) -> Tensor:
        """What a network sees: zero mean and unit standard deviation over the training part."""
        return (pixels - self.mean) / self.deviation


def prepare(sample: Sample, seed: int) -> Parts:
    """The images of one seed, drawn from the data set's training and test images together.

    The paper asks for 62,000 of them, more than either holds.
    """
    sample.check_against(read_manifest(sample.dataset, from_environment()))
    loaded = [load(sample.dataset, split) for split in ("train", "test")]
    labels = torch.cat([data.labels for data in loaded])
    allowed = (labels != LEFT_OUT).nonzero().squeeze(1)
    drawn = allowed[torch.randperm(len(allowed), generator=stream(seed, "split"))]
    images = torch.cat([data.images for data in loaded])
    counts = [sample.train, sample.validation, sample.test]
    chosen = drawn[: sum(counts)].split(counts)
    train, validation, test = (
        Part(pad(images[rows], [sample.padding] * 4).flatten(1), labels[rows]) for rows in chosen
    )
    if len(train.labels.unique()) < 2:
        raise InvlibError(
            f"seed {seed}: all {sample.train} training images are of one class; there is nothing "
            "to tell apart. Take more of them."
        )
    deviation, mean = torch.std_mean(train.pixels.double(), correction=0)
    side = images.shape[-1] + 2 * sample.padding
    return Parts(train, validation, test, side, float(mean), float(deviation))
