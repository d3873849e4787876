"""How large a step may be for stochastic descent on the invariance error of a linear map.

One step on one difference ε multiplies W by I − η ε εᵀ, whose norm is max(1, |1 − η ‖ε‖²|). So:

* η ≤ 2 / max ‖ε‖²: no step raises any singular value of any W, whatever the draw (batches too, as
  their λ_max is at most max ‖ε‖²). With a larger η some W grows at the next draw of the longest ε.
* η M ≤ 2 Σ with M = mean ‖ε‖² ε εᵀ: ‖W‖_F² does not grow in expectation, for every W.
* η ≤ 2 / λ_max(Σ): steps on all differences at once raise nothing.

Each allows more than the one before it.
"""

import torch
from torch import Tensor

from invlib.closed_form.invariance_flow import linear_flow, second_moment
from invlib.errors import UsageError


def safe_rate(differences: Tensor) -> float:
    """The largest η for which no single step can raise a singular value: 2 / max ‖ε‖²."""
    return 2 / float(_squares(differences).max())


def safe_rate_on_average(differences: Tensor) -> float:
    """The largest η for which E ‖W‖_F² never grows: 2 / λ_max(Σ^{-½} M Σ^{-½}) on Σ's range."""
    squares = _squares(differences)
    flow = linear_flow(second_moment(differences))
    moved = flow.values > 0
    whitened = differences.double() @ (flow.vectors[:, moved] * flow.values[moved].rsqrt())
    M = whitened.mT @ (squares[:, None] * whitened) / len(whitened)
    return 2 / float(torch.linalg.eigvalsh(M)[-1])


def safe_rate_of_full_batch(differences: Tensor) -> float:
    """The largest η for which a step on all differences raises nothing: 2 / λ_max(Σ)."""
    _squares(differences)
    return linear_flow(second_moment(differences)).largest_rate


def _squares(differences: Tensor) -> Tensor:
    squares = differences.double().square().sum(-1)
    if not squares.numel() or not squares.max() > 0 or not squares.isfinite().all():
        raise UsageError(
            "differences are all zero or not finite: every image is invariant, or one is NaN. "
            "There is no bound on the rate."
        )
    return squares
