"""The three invariance penalties of paper genuine (Sec. 3.2 and 4.4), on two members of an orbit.

Each takes the logits a = f(x) and b = f(g x) [networks, n, classes] and gives one number per pair.
With g drawn at random from the others than the identity, its mean estimates, without bias, the
average over the group that the metrics take.
"""

from collections.abc import Callable, Mapping

from torch import Tensor

Penalty = Callable[[Tensor, Tensor], Tensor]
TINY = 1e-12


def squared_distance(a: Tensor, b: Tensor) -> Tensor:
    """½ ‖a − b‖²: the logit invariance error LI, "L2²" in Fig. 5 and the IR of Table 1."""
    return (a - b).square().sum(-1) / 2


def relative_squared_distance(a: Tensor, b: Tensor) -> Tensor:
    """‖a − b‖² / ‖a‖²: "L2²-norm." in Fig. 5. ‖a‖² counts as TINY where it is smaller."""
    return (a - b).square().sum(-1) / a.square().sum(-1).clamp_min(TINY)


def divergence(a: Tensor, b: Tensor) -> Tensor:
    """KL(softmax a ‖ softmax b): the predictive invariance error DI, "KL" in Fig. 5."""
    log_p, log_q = a.log_softmax(-1), b.log_softmax(-1)
    return (log_p.exp() * (log_p - log_q)).sum(-1)


PENALTIES: Mapping[str, Penalty] = {
    "l2": squared_distance,
    "l2_normalized": relative_squared_distance,
    "kl": divergence,
}
