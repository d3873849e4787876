"""How invariant a model is: the measures of paper genuine (Sec. 4) and of paper linear (Sec. 4)."""

from invlib.metrics.jacobian_methods import jacobian_norm
from invlib.metrics.linear_maps import invariant_proportion, noninvariant_part
from invlib.metrics.predictions import logit_invariance_error, predictive_invariance_error
from invlib.metrics.similarity import saliency_similarity

__all__ = [
    "invariant_proportion",
    "jacobian_norm",
    "logit_invariance_error",
    "noninvariant_part",
    "predictive_invariance_error",
    "saliency_similarity",
]
