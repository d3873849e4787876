"""The small classification problem of paper linear: random subsets, one digit left out, pooled."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, max_pool2d, one_hot

from invlib.config import Config, option
from invlib.data.description import Manifest
from invlib.data.images import load
from invlib.data.manifest import read as read_manifest
from invlib.errors import UsageError
from invlib.settings import from_environment
from invlib.training.seeds import stream

LEFT_OUT = 9  # a 9 turned by half is a 6
CLASSES = 9
POOLINGS = ("mean", "max", "stride")  # of a block of pixels: its mean, its maximum, its last pixel


@dataclass(frozen=True)
class Sample(Config):
    """Which images, how small, and how many of them."""

    dataset: str = option("digits", "data set", choices=("digits", "mnist", "fashion_mnist"))
    side: int = option(8, "image side in pixels after pooling", low=2)
    pooling: str = option("mean", "how images are made smaller", choices=POOLINGS)
    samples: int = option(500, "training images before augmentation", low=1)

    def check_against(self, manifest: Manifest) -> None:
        """Refuse, before anything is loaded, a side or a number of samples that the data lack."""
        train = manifest.split("train")
        native, available = train.shape[0], train.count - train.per_class[LEFT_OUT]
        if native % self.side:
            raise UsageError(
                f"parameter side is {self.side}; it must divide {native}, the side of "
                f"{manifest.name}."
            )
        if self.samples > available:
            raise UsageError(
                f"parameter samples is {self.samples}; {manifest.name} has {available} training "
                f"images without class {LEFT_OUT}."
            )


def training_subsets(sample: Sample, seeds: Sequence[int]) -> tuple[Tensor, Tensor]:
    """A random subset per seed: X [seeds, samples, pixels], one-hot Y [seeds, samples, classes]."""
    sample.check_against(read_manifest(sample.dataset, from_environment()))
    images, labels = _without_left_out(sample.dataset, "train")
    draws = [torch.randperm(len(images), generator=stream(seed, "subset")) for seed in seeds]
    chosen = torch.stack([draw[: sample.samples] for draw in draws])
    return _pooled(images[chosen], sample), one_hot(labels[chosen], CLASSES).double()


def unseen_images(sample: Sample) -> tuple[Tensor, Tensor]:
    """All test images but those of the class left out: X [n, pixels], one-hot Y [n, classes]."""
    images, labels = _without_left_out(sample.dataset, "test")
    return _pooled(images, sample), one_hot(labels, CLASSES).double()


def _without_left_out(dataset: str, split: str) -> tuple[Tensor, Tensor]:
    data = load(dataset, split)
    kept = data.labels != LEFT_OUT
    return data.images[kept], data.labels[kept]


def _pooled(images: Tensor, sample: Sample) -> Tensor:
    """Images [..., native, native] made smaller and flattened, in float64."""
    block = images.shape[-1] // sample.side
    flat = images.double().flatten(0, -3)
    if sample.pooling == "stride":
        small = flat[:, block - 1 :: block, block - 1 :: block]
    else:
        small = {"mean": avg_pool2d, "max": max_pool2d}[sample.pooling](flat, block)
    return small.reshape(*images.shape[:-2], sample.side**2)
