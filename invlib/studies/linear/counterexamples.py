"""Critical points under augmentation whose weights, or whose W, are not invariant.

Both add a hidden unit to a critical point. The new row of W₁ is any direction that the group
average sends to zero; there the gradient of the loss in W vanishes. An idle unit feeds nothing,
and W stays as it was. A shifting unit feeds all logits alike: W changes, the softmax does not.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from invlib.groups import Group
from invlib.methods.two_layer_derivatives import TwoLayerObjective
from invlib.studies.linear.at_a_point import noninvariance
from invlib.studies.linear.span import Span
from invlib.training.seeds import stream


def counterexamples(
    objective: TwoLayerObjective, theta: Tensor, group: Group, span: Span, seeds: Sequence[int]
) -> dict[str, Tensor]:
    """Gradient norm and non-invariance of the two, for one point θ [seeds, 1, weights] per seed."""
    first, second = objective.layers(theta)
    draws = [
        torch.randn(1, 1, first.shape[-1], generator=stream(seed, "unit"), dtype=theta.dtype)
        for seed in seeds
    ]
    row = torch.stack(draws) * span.present[:, None, None, :]
    row[..., : span.orbits] = 0  # coordinates of invariant directions come first
    row = row * first.norm(dim=(-2, -1), keepdim=True) / row.norm(dim=-1, keepdim=True)
    wide = TwoLayerObjective(
        objective.X, objective.Y, objective.penalty, objective.hidden + 1, objective.loss
    )
    widened = torch.cat([first, row], -2)
    found = {}
    for name, weight in (("idle", 0.0), ("shift", 1.0)):
        column = torch.full_like(second[..., :1], weight)
        above = torch.cat([second, column], -1)
        _, gradient = wide.value_and_gradient(wide.flat(widened, above))
        in_pixels = widened @ span.basis.unsqueeze(1).mT
        W = above @ in_pixels
        found[f"{name}_gradient"] = gradient.norm(dim=-1)[:, 0]
        found[f"{name}_first"] = noninvariance(in_pixels, group)[:, 0]
        found[f"{name}_map"] = noninvariance(W, group)[:, 0]
        found[f"{name}_softmax"] = noninvariance(W - W.mean(-2, keepdim=True), group)[:, 0]
    return found
