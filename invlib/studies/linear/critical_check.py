"""Every critical point of Proposition 13, checked on the paper's own losses (Prop. 13, B.9).

Is the gradient zero there, along the maps of rank r and in the layers? Is the loss what the dropped
singular values say? How many directions lead down? The listed points come from singular vectors;
what is measured at them uses only the loss on the images. No training: about a second.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from invlib.closed_form.critical_points import CriticalPoints, constrained_critical_points
from invlib.experiment import Experiment, Outcome, Report
from invlib.groups import Group
from invlib.methods.mean_squared_error import Quadratic
from invlib.metrics import invariant_proportion
from invlib.metrics.factorized import (
    balanced_factors,
    factor_gradient,
    factor_hessian,
    signs,
    tangent_gradient,
)
from invlib.studies.linear.critical_instance import Instance, loss, points, subsets

VANISHES = 1e-9  # a gradient below this part of the gradient at W = 0 counts as zero


def check(instance: Instance, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """One subset per seed: list its critical points and examine each of them."""
    group = instance.make_group()
    X, Y = subsets(instance, seeds)
    objective = loss(instance, X, Y)
    outcomes = []
    for k in range(len(seeds)):
        own = Quadratic(objective.second[k], objective.cross[k], objective.constant[k])
        listed = points(instance, X[k], Y[k])
        hardwired = constrained_critical_points(X[k], Y[k], group, instance.hidden)
        lower = [points(instance, X[k], Y[k], rank) for rank in range(1, instance.hidden)]
        metrics, arrays = _examined(instance, own, group, listed)
        metrics |= _lower(instance, own, group, listed, lower)
        metrics["distance_to_constrained"] = _distance(listed.maps, hardwired.maps)
        outcomes.append(Outcome(metrics=metrics, arrays=arrays))
        report(f"critical points {instance.label}, {len(seeds)} seeds", (k + 1) / len(seeds))
    return outcomes


def _examined(
    instance: Instance, objective: Quadratic, group: Group, listed: CriticalPoints
) -> tuple[dict[str, float], dict[str, np.ndarray]]:
    W = instance.way().from_pixels(listed.maps, group)
    along, in_layers, down, flat = _orders(objective, W, instance.hidden)
    measured_loss = objective.value(W)
    wrong = listed.losses - measured_loss
    noninvariant = 1 - invariant_proportion(listed.maps, group)
    metrics = {
        "target_rank": len(listed.singular_values),
        "paper_count": instance.paper_count,
        "points": int((along < VANISHES).sum()),
        "tangent_gradient": float(along.max()),
        "layer_gradient": float(in_layers.max()),
        "loss_error": float((wrong / measured_loss).abs().max()),
        "minima": int((down == 0).sum()),
        "index_errors": int((down != listed.descents).sum()),
        "degenerate": int((flat != instance.hidden**2).sum()),
        "least_noninvariant": max(0.0, float(noninvariant.min())),
        "most_noninvariant": max(0.0, float(noninvariant.max())),
    }
    arrays = {
        "kept": listed.kept.numpy().astype(np.int8),
        "loss": measured_loss.numpy(),
        "predicted_descents": listed.descents.numpy().astype(np.int16),
        "measured_descents": down.numpy().astype(np.int16),
        "singular_values": listed.singular_values.numpy(),
    }
    return metrics, arrays


def _lower(
    instance: Instance,
    objective: Quadratic,
    group: Group,
    listed: CriticalPoints,
    lower: Sequence[CriticalPoints],
) -> dict[str, float]:
    """Layers that leave s < r units at zero: critical in the layers, and what leads down there.

    An unused unit counts as a kept singular value of zero, to which every dropped one is larger.
    """
    r, n = instance.hidden, len(listed.singular_values)
    maps = [torch.zeros_like(listed.maps[:1]), *(some.maps for some in lower)]
    pairs = [listed.kept.new_zeros(1), *(some.descents for some in lower)]
    predicted = torch.cat([down + (r - s) * (n - s) for s, down in enumerate(pairs)])
    W = instance.way().from_pixels(torch.cat(maps), group)
    _, in_layers, down, _ = _orders(objective, W, r)
    return {
        "lower_points": int((in_layers < VANISHES).sum()),
        "lower_minima": int((down == 0).sum()),
        "lower_index_errors": int((down != predicted).sum()),
    }


def _orders(objective: Quadratic, W: Tensor, hidden: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Per map: gradient along the maps of this rank, gradient in the layers, negative and zero
    eigenvalues of the Hessian in the layers. Gradients over the one at W = 0."""
    gradient = objective.gradient(W)
    at_zero = objective.gradient(torch.zeros_like(W[0])).norm()
    second, first = balanced_factors(W, hidden)
    down, flat = signs(factor_hessian(objective.second, gradient, second, first))
    along = torch.linalg.matrix_norm(tangent_gradient(gradient, W, hidden)) / at_zero
    layers = factor_gradient(gradient, second, first).norm(dim=-1)
    return along, layers / at_zero.pow(1.5), down, flat


def _distance(maps: Tensor, others: Tensor) -> float:
    """How far the farthest of these maps is from the nearest of the others, over its norm."""
    distances = (maps.flatten(1).unsqueeze(1) - others.flatten(1)).norm(dim=-1).amin(1)
    return float((distances / maps.flatten(1).norm(dim=1)).max())


EXPERIMENT = Experiment(
    name="linear/critical_check",
    module="invlib.studies.linear.critical_check",
    attribute="EXPERIMENT",
    config=Instance,
    data=lambda instance: instance.dataset,
    run=check,
    label=lambda instance: instance.label,
)
