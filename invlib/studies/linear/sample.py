"""The small classification problem of paper linear: random subsets, one digit left out, pooled."""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d, max_pool2d, one_hot

from invlib.data.images import load
from invlib.errors import UsageError
from invlib.training.seeds import stream

LEFT_OUT = 9  # a 9 turned by half is a 6
CLASSES = 9
POOLINGS = ("mean", "max", "stride")  # of a block of pixels: its mean, its maximum, its last pixel


def training_subsets(
    dataset: str, side: int, samples: int, seeds: Sequence[int], *, pooling: str
) -> tuple[Tensor, Tensor]:
    """A random subset per seed: X [seeds, samples, pixels], one-hot Y [seeds, samples, classes]."""
    images, labels = _without_left_out(dataset, "train")
    if samples > len(images):
        raise UsageError(
            f"parameter samples is {samples}; {dataset} has {len(images)} training images without "
            f"class {LEFT_OUT}."
        )
    draws = [torch.randperm(len(images), generator=stream(seed, "subset")) for seed in seeds]
    chosen = torch.stack([draw[:samples] for draw in draws])
    return _pooled(images[chosen], side, dataset, pooling), one_hot(
        labels[chosen], CLASSES
    ).double()


def unseen_images(dataset: str, side: int, *, pooling: str) -> tuple[Tensor, Tensor]:
    """All test images but those of the class left out: X [n, pixels], one-hot Y [n, classes]."""
    images, labels = _without_left_out(dataset, "test")
    return _pooled(images, side, dataset, pooling), one_hot(labels, CLASSES).double()


def _without_left_out(dataset: str, split: str) -> tuple[Tensor, Tensor]:
    data = load(dataset, split)
    kept = data.labels != LEFT_OUT
    return data.images[kept], data.labels[kept]


def _pooled(images: Tensor, side: int, dataset: str, pooling: str) -> Tensor:
    """Images [..., native, native] made smaller, to `side`, and flattened, in float64."""
    native = images.shape[-1]
    if native % side:
        raise UsageError(
            f"parameter side is {side}; it must divide {native}, the side of {dataset}."
        )
    block = native // side
    flat = images.double().flatten(0, -3)
    if pooling == "stride":
        small = flat[:, block - 1 :: block, block - 1 :: block]
    else:
        small = {"mean": avg_pool2d, "max": max_pool2d}[pooling](flat, block)
    return small.reshape(*images.shape[:-2], side * side)
