"""What is trained: a configuration, a kind of network, and the network that comes of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from invlib.config import option
from invlib.errors import UsageError
from invlib.groups import Group
from invlib.methods.invariance_penalties import Penalty
from invlib.studies.genuine.sample import GROUPS, Parts, Sample
from invlib.training.classifiers import OPTIMIZERS


@dataclass(frozen=True)
class Training(Sample):
    """Images and the course of a training; the paper's, but for the sizes of the quick profile."""

    group: str = option("R4", "group of transformations", choices=tuple(GROUPS))
    epochs: int = option(15, "passes over the training images", low=1)
    batch: int = option(64, "images per step", low=1)
    learning_rate: float = option(0.0008, "the optimizer's learning rate", low=1e-9)
    optimizer: str = option("adam", "the optimizer", choices=tuple(OPTIMIZERS))
    keep: str = option(
        "best", "weights to keep: best on validation, or last", choices=("best", "last")
    )

    def check(self) -> None:
        if self.batch > self.train:
            raise UsageError(
                f"parameter batch is {self.batch}; it must be at most train, {self.train}."
            )


@dataclass(frozen=True)
class Trained:
    """One trained network, on the CPU: for normalized images, or for pixels in [0, 1]."""

    network: nn.Module
    parts: Parts
    group: Group
    curves: dict[str, np.ndarray]  # over epochs; "observed/..." over "observed/epoch"
    best_epoch: int

    def logits(self, x: Tensor) -> Tensor:
        """Logits [n, classes] of normalized images [n, pixels]."""
        return self.network(self.network.encode(x[None]))[0]

    def on_pixels(self, pixels: Tensor) -> Tensor:
        """Logits [n, classes] of images [n, pixels] in [0, 1]."""
        return self.logits(self.parts.normalize(pixels))


@dataclass(frozen=True)
class Kind:
    """A kind of network: how it is built, what it is trained on, and which module says so.

    `build(config, parts, generators)` gives a module with `encode(x)`, applied once to images
    [networks, n, pixels], and `forward(encoded)`, logits [networks, n, classes]. One with a true
    attribute `invariant` is shown a single view of each image, since all are alike to it.
    `observe(network, parts)` gives numbers per network for the curves, now and then.
    """

    name: str  # a short word for progress lines
    module: str  # whose source the weights depend on
    build: Callable[[Training, Parts, Sequence[torch.Generator]], nn.Module]
    penalty: Penalty | None = None
    strength: float = 0.0
    observe: Callable[[nn.Module, Sequence[Parts]], Mapping[str, Tensor]] | None = None
