"""The images of the primer: drawn anew for every seed, one class left out, zero-padded."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import pad

from invlib.config import Config, option
from invlib.data.description import Manifest
from invlib.data.images import load
from invlib.data.manifest import read as read_manifest
from invlib.errors import UsageError
from invlib.settings import from_environment
from invlib.training.seeds import stream

LEFT_OUT = 9  # as in the paper: a 9 turned by half is a 6
CLASSES = 9
FOLD = 3  # of the paper's translations, which must divide the side


@dataclass(frozen=True)
class Images(Config):
    """Which images, and how many of them."""

    dataset: str = option("digits", "data set", choices=("digits", "mnist", "fashion_mnist"))
    padding: int = option(2, "blank pixels added on every side", low=0)
    train: int = option(500, "images that the small network is trained on", low=1)
    test: int = option(300, "images on which functions are measured", low=1)
    explained: int = option(40, "the first of these, for saliency and Jacobians", low=1)

    def check(self) -> None:
        if self.explained > self.test:
            raise UsageError(
                f"parameter explained is {self.explained}; it must be at most test, {self.test}."
            )

    def check_against(self, manifest: Manifest) -> None:
        """Refuse, before anything is loaded, what the data set does not hold or cannot shift."""
        splits = manifest.splits
        side = splits[0].shape[0] + 2 * self.padding
        available = sum(split.count - split.per_class[LEFT_OUT] for split in splits)
        if side % FOLD:
            raise UsageError(
                f"parameter padding is {self.padding}, which makes the images {side}x{side}; "
                f"shifts by a third need a side that {FOLD} divides."
            )
        if self.train + self.test > available:
            raise UsageError(
                f"parameters train and test ask for {self.train + self.test} images; "
                f"{manifest.name} has {available} without class {LEFT_OUT}."
            )


@dataclass(frozen=True)
class Drawn:
    """The images of one seed: pixels [n, side * side] in [0, 1] and labels [n]."""

    train: Tensor
    train_labels: Tensor
    test: Tensor
    test_labels: Tensor
    side: int


def draw(config: Images, seed: int) -> Drawn:
    """Training and test images for one seed, out of all that the data set holds."""
    config.check_against(read_manifest(config.dataset, from_environment()))
    splits = [load(config.dataset, split) for split in ("train", "test")]
    pixels, labels = (
        torch.cat([getattr(s, part) for s in splits]) for part in ("images", "labels")
    )
    kept = (labels != LEFT_OUT).nonzero()[:, 0]
    order = torch.randperm(len(kept), generator=stream(seed, "images"))
    chosen = kept[order[: config.train + config.test]]
    padded = pad(pixels[chosen].double(), (config.padding,) * 4)
    flat, labels = padded.flatten(1), labels[chosen]
    cut = config.train
    return Drawn(flat[:cut], labels[:cut], flat[cut:], labels[cut:], padded.shape[-1])
