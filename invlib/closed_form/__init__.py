"""The global optima of paper linear in closed form, to hold every trained network against."""

from invlib.closed_form.optima import (
    augmented_optimum,
    augmented_singular_values,
    constrained_optimum,
    constrained_singular_values,
    regularized_optimum,
    regularized_singular_values,
)
from invlib.closed_form.reduced_rank import RELATIVE_TOLERANCE, effective_rank

__all__ = [
    "RELATIVE_TOLERANCE",
    "augmented_optimum",
    "augmented_singular_values",
    "constrained_optimum",
    "constrained_singular_values",
    "effective_rank",
    "regularized_optimum",
    "regularized_singular_values",
]
