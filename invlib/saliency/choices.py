"""The saliency map with its choices left open: where integration starts, and what is kept.

Paper genuine (Sec. 4) keeps what reaches 0.9 of the largest value, and does not state where the
integral starts. `invlib.saliency.saliency_map` makes the choices of this book; here they vary.
"""

import torch
from torch import Tensor

from invlib.errors import UsageError
from invlib.saliency.gradients import Model
from invlib.saliency.integrated import integrated_gradients


def integrated_from(
    model: Model, x: Tensor, y: Tensor, baseline: Tensor, *, steps: int = 32
) -> Tensor:
    """Integrated gradients on the straight way from a baseline [pixels] to x [n, pixels].

    They sum to f_y(x) − f_y(baseline).
    """
    if baseline.shape != x.shape[1:]:
        raise UsageError(
            f"baseline has shape {list(baseline.shape)}; it must be one image {list(x.shape[1:])}."
        )
    # the way from the baseline to x is the way from black to their difference, seen from there
    return integrated_gradients(lambda z: model(z + baseline), x - baseline, y, steps=steps)


def keep_from(values: Tensor, share: float) -> Tensor:
    """Each map with all that lies below `share` of its own maximum set to zero."""
    if not 0 <= share <= 1:
        raise UsageError(f"share is {share}; it must lie between 0 and 1.")
    return torch.where(values >= share * values.amax(-1, keepdim=True), values, 0.0)
