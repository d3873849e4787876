"""How many of all transformed images are classified rightly (the accuracies of paper genuine)."""

import torch
from torch import Tensor

from invlib.groups import Group
from invlib.metrics.over_group import slices
from invlib.saliency.gradients import Model, check_images, check_labels, logits_of


def orbit_accuracy(model: Model, x: Tensor, y: Tensor, group: Group, *, batch: int = 1024) -> float:
    """The share of pairs (x, g) whose image g x is given the class y of x; g = e included.

    The expectation, without noise, of the accuracy on images that are each moved at random.
    """
    check_images(x)
    check_labels(x, y)
    hits = 0
    with torch.no_grad():
        for rows in slices(len(x), batch):
            for k in range(group.order):
                said = logits_of(model, group.act(x[rows], k)).argmax(-1)
                hits += int((said == y[rows]).sum())
    return hits / (len(x) * group.order)
