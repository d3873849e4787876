"""How invariant a model is to each candidate transformation, on a scale without units.

The logit invariance error of one transformation (genuine, eq. 2) has the unit of squared logits: a
model that says everything twice as loudly has four times the error. Over the spread of the logits
from image to image it has none. 0: the transformation changes nothing. 1: the logits of g x are as
far from those of x as the logits of another image are, on average.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from invlib.errors import InvlibError, UsageError
from invlib.metrics.over_group import finite, slices
from invlib.saliency.gradients import Model, check_images, logits_of


@dataclass(frozen=True)
class Scores:
    """One entry per candidate."""

    score: Tensor  # LI of the candidate over the spread of the logits, float64
    agreement: Tensor  # share of images whose predicted class stays, float64


def logit_spread(model: Model, x: Tensor) -> float:
    """The mean of ½ ‖f(x) − f(x')‖² over pairs of different images: the trace of the covariance."""
    check_images(x)
    if len(x) < 2:
        raise UsageError("the spread of the logits needs at least two images.")
    with torch.no_grad():
        spread = finite("logit_spread", float(logits_of(model, x).double().var(0).sum()))
    if spread == 0:
        raise InvlibError(
            "the model gives the same logits for all images: it is invariant to everything, and "
            "invariance relative to the spread of its logits is undefined."
        )
    return spread


def invariance_scores(
    model: Model,
    x: Tensor,
    act: Callable[[Tensor, Tensor], Tensor],
    elements: Tensor,
    *,
    batch: int = 4096,
) -> Scores:
    """Scores of candidates for images x [n, pixels]; `act(x, elements)` is [elements, n, pixels].

    About `batch` images are moved and shown to the model at a time.
    """
    spread = logit_spread(model, x)
    scores, agreements = [], []
    with torch.no_grad():
        here = logits_of(model, x).double()
        for some in slices(len(elements), max(1, batch // len(x))):
            moved = act(x, elements[some])
            there = logits_of(model, moved.flatten(0, 1)).double().view(*moved.shape[:2], -1)
            scores.append((here - there).square().sum(-1).mean(-1) / 2 / spread)
            agreements.append((here.argmax(-1) == there.argmax(-1)).double().mean(-1))
    found = Scores(torch.cat(scores), torch.cat(agreements))
    finite("the invariance score", float(found.score.sum()))
    return found
