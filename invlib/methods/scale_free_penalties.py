"""Candidates for an invariance penalty that does not pay for making every logit smaller.

Each takes the logits a = f(x) and b = f(g x) [networks, n, classes] of one batch and gives one
number per pair, like the paper's own. Where a = b for the whole batch all are zero (`held_spread`
only if the images lie far enough apart). Most hold ‖a − b‖ against the distance of other images.
"""

from collections.abc import Mapping

import torch
from torch import Tensor

from invlib.methods.invariance_penalties import TINY, Penalty, squared_distance

HELD = 200.0  # the spread that `held_spread` holds: about that of an augmented network


def spread(a: Tensor, b: Tensor) -> Tensor:
    """V: the variance of the logits over the images of a batch, summed over classes [networks, 1].

    The mean over both members of each pair. Half the squared distance of two images drawn at
    random has this mean, so ½‖a − b‖² / V compares a transformation with a change of image.
    """
    total = (_variance(a) + _variance(b)) / 2
    return total.clamp_min(TINY)


def spread_ratio(a: Tensor, b: Tensor) -> Tensor:
    """½ ‖a − b‖² / V: within orbits over between images, as in Fisher's discriminant."""
    return squared_distance(a, b) / spread(a, b)


def detached_ratio(a: Tensor, b: Tensor) -> Tensor:
    """The same number, but V counts as a constant in the gradient: it shrinks after all."""
    return squared_distance(a, b) / spread(a, b).detach()


def cosine_distance(a: Tensor, b: Tensor) -> Tensor:
    """1 − cos(a − ā, b − ā) with ā the mean logits of the batch: only the direction counts."""
    centre = ((a + b) / 2).mean(1, keepdim=True)
    a, b = a - centre, b - centre
    lengths = (a.square().sum(-1) * b.square().sum(-1)).clamp_min(TINY**2).sqrt()
    return 1 - (a * b).sum(-1) / lengths


def contrast(a: Tensor, b: Tensor) -> Tensor:
    """d / (d + d') with d = ½‖a − b‖² and d' the same to another image of the batch.

    A finite difference along the orbit against one along another direction of the data; it lies
    in [0, 1] whatever the two are.
    """
    along = squared_distance(a, b)
    across = squared_distance(a, a.roll(1, 1))
    return along / (along + across).clamp_min(TINY)


def held_spread(a: Tensor, b: Tensor) -> Tensor:
    """½ ‖a − b‖² + (√HELD − √V)², the second only where V is below: the penalty and a support."""
    missing = (HELD**0.5 - spread(a, b).sqrt()).clamp_min(0)
    return squared_distance(a, b) + missing.square()


def orbit_teacher(a: Tensor, b: Tensor) -> Tensor:
    """½ KL(m ‖ p) + ½ KL(m ‖ q) with m = (p + q) / 2 a teacher without gradient."""
    log_p, log_q = a.log_softmax(-1), b.log_softmax(-1)
    teacher = ((log_p.exp() + log_q.exp()) / 2).detach()
    log_teacher = teacher.clamp_min(TINY).log()
    return (teacher * (log_teacher - (log_p + log_q) / 2)).sum(-1)


def _variance(logits: Tensor) -> Tensor:
    return torch.var(logits, 1, correction=0).sum(-1, keepdim=True)


CANDIDATES: Mapping[str, Penalty] = {
    "ratio": spread_ratio,
    "detached": detached_ratio,
    "cosine": cosine_distance,
    "contrast": contrast,
    "held": held_spread,
    "teacher": orbit_teacher,
}
