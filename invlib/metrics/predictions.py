"""How far a prediction moves when the image does (paper genuine, eqs. 1 and 2)."""

import torch
from torch import Tensor

from invlib.groups import Group
from invlib.metrics.over_group import mean_over_group
from invlib.saliency import Model, logits_of


def predictive_invariance_error(
    model: Model, x: Tensor, group: Group, *, batch: int = 1024
) -> float:
    """DI_f (eq. 1): the mean of KL(softmax f(x) ‖ softmax f(g x)) over images x and g ≠ e."""

    def log_probabilities(images: Tensor, rows: slice) -> Tensor:
        return logits_of(model, images).double().log_softmax(-1)

    def divergence(p: Tensor, q: Tensor, k: int) -> Tensor:
        # not negative in exact arithmetic; rounding may put equal distributions below zero
        return (p.exp() * (p - q)).sum(-1).clamp_min(0)

    with torch.no_grad():
        return mean_over_group(
            "predictive_invariance_error", log_probabilities, divergence, x, group, batch
        )


def logit_invariance_error(model: Model, x: Tensor, group: Group, *, batch: int = 1024) -> float:
    """LI_f (eq. 2): the mean of ½ ‖f(x) − f(g x)‖² over images x and g ≠ e."""

    def logits(images: Tensor, rows: slice) -> Tensor:
        return logits_of(model, images).double()

    def half_squared_distance(a: Tensor, b: Tensor, k: int) -> Tensor:
        return (a - b).square().sum(-1) / 2

    with torch.no_grad():
        return mean_over_group(
            "logit_invariance_error", logits, half_squared_distance, x, group, batch
        )
