"""What both halves of the drift study share: a network, and unseen images in random poses."""

from dataclasses import dataclass, fields

import torch
from torch import Tensor

from invlib.config import option
from invlib.errors import UsageError
from invlib.groups import Group
from invlib.methods.invariance_penalties import divergence
from invlib.studies.genuine.kinds import Trained
from invlib.studies.genuine.networks import Network
from invlib.training.seeds import stream


@dataclass(frozen=True)
class Drifting(Network):
    """One network, and how many unseen images it is measured on."""

    images: int = option(300, "test images that drift", low=1)

    def check(self) -> None:
        super().check()
        if self.images > self.test:
            raise UsageError(
                f"parameter images is {self.images}; it must be at most test, {self.test}."
            )

    @property
    def network(self) -> Network:
        """The network alone: what it was trained with, and nothing of what follows."""
        return Network(**{field.name: getattr(self, field.name) for field in fields(Network)})


def posed(one: Trained, images: int, seed: int) -> tuple[Tensor, Tensor]:
    """Unseen images [n, pixels], each in one random pose, and their labels.

    So a data set of transformed images holds them.
    """
    pixels, labels = one.parts.test.pixels[:images], one.parts.test.labels[:images]
    return one.group.act(pixels, poses(one.group, len(pixels), seed, "test poses")), labels


def poses(group: Group, count: int, seed: int, purpose: str) -> Tensor:
    """A random element of the group for each image."""
    return torch.randint(group.order, (count,), generator=stream(seed, purpose))


def divergences(logits: Tensor) -> Tensor:
    """KL(u_x ‖ q_gx) for every g ≠ e and x [order − 1, n], from the logits of all poses."""
    return divergence(logits[:1], logits[1:]).clamp_min(0)  # below 0 by rounding alone


def accuracy(logits: Tensor, labels: Tensor) -> float:
    """The share of images, in all the poses given, whose class is found."""
    return float((logits.argmax(-1) == labels).double().mean())
