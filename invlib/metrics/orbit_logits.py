"""The logits of all transformed images, once, for whatever is to be taken from them."""

import torch
from torch import Tensor

from invlib.groups import Group
from invlib.metrics.over_group import slices
from invlib.saliency.gradients import Model, check_images, logits_of


def orbit_logits(model: Model, x: Tensor, group: Group, *, batch: int = 1024) -> Tensor:
    """f(g x) for every element g, the identity first: [order, n, classes], float64."""
    check_images(x)
    parts = []
    with torch.no_grad():
        for rows in slices(len(x), batch):
            moved = [logits_of(model, group.act(x[rows], k)) for k in range(group.order)]
            parts.append(torch.stack(moved))
    return torch.cat(parts, 1).double()
