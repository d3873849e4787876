"""Saliency over an orbit, pair by pair: what SI (genuine, eq. 3) is the mean of."""

from collections.abc import Callable

import torch
from torch import Tensor

from invlib.groups import Group
from invlib.metrics.over_group import slices
from invlib.metrics.similarity import cosine
from invlib.saliency.gradients import check_images

# images and which of x they are -> one map each [n, pixels], or several [n, ..., pixels]
Maps = Callable[[Tensor, slice], Tensor]


def orbit_maps(maps: Maps, x: Tensor, group: Group, *, batch: int = 1024) -> Tensor:
    """The maps m(g x) of all members of the orbits of x, as they are: [n, order, ..., pixels]."""
    check_images(x)
    found = []
    for rows in slices(len(x), batch):
        poses = [maps(group.act(x[rows], k), rows) for k in range(group.order)]
        found.append(torch.stack(poses, 1))
    return torch.cat(found)


def turned_back(maps: Tensor, group: Group) -> Tensor:
    """g⁻¹ m(g x) for maps [n, order, ..., pixels]: equal over the orbit if m is equivariant."""
    poses = [group.act(maps[:, k], group.inverse(k)) for k in range(group.order)]
    return torch.stack(poses, 1)


def aligned_cosines(maps: Maps, x: Tensor, group: Group, *, batch: int = 1024) -> Tensor:
    """cos(m(x), g⁻¹ m(g x)) for each image and each g ≠ e: [n, order − 1, ...], float64.

    Maps are made and forgotten batch by batch, so that memory does not grow with their number.
    """
    check_images(x)
    found = []
    for rows in slices(len(x), batch):
        still = maps(x[rows], rows)
        pairs = []
        for k in range(1, group.order):
            moved = maps(group.act(x[rows], k), rows)
            pairs.append(cosine(still, group.act(moved, group.inverse(k))))
        found.append(torch.stack(pairs, 1))
    return torch.cat(found)
