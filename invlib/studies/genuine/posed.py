"""Images in random poses, and what a network makes of all poses of each."""

import torch
from torch import Tensor

from invlib.groups import Group
from invlib.methods.invariance_penalties import divergence
from invlib.studies.genuine.kinds import Trained
from invlib.studies.genuine.sample import Part
from invlib.training.seeds import stream


def posed(one: Trained, part: Part, images: int, seed: int) -> tuple[Tensor, Tensor]:
    """The first images [n, pixels] of a part, each in one random pose, and their labels.

    So a data set of transformed images holds them.
    """
    pixels, labels = part.pixels[:images], part.labels[:images]
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
