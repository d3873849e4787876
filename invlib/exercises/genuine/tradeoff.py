"""The checks behind the exercises of genuine/tradeoff."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from invlib.exercises.verdict import Answer, attempted
from invlib.metrics.knee import knee

SIMILARITY = np.array([0.2, 0.6, 0.8, 1.0])
ACCURACY = np.array([0.95, 0.93, 0.90, 0.75])


def check_relative_error(attempt: Callable[[Tensor, Tensor], Tensor]) -> Answer:
    """Whether `attempt(a, b)` is ½ E‖a − b‖² over the variance of a, summed over classes."""
    generator = torch.Generator().manual_seed(0)
    a = torch.randn(40, 9, generator=generator, dtype=torch.float64) * 3 + 5
    b = a + torch.randn(40, 9, generator=generator, dtype=torch.float64)
    found, wrong = attempted(lambda: float(attempt(a, b)))
    if wrong is not None:
        return wrong
    expected = _relative(a, b)
    slips = {
        expected * 9: "sum the variances over classes; you took their mean.",
        expected * 39 / 40: "divide by n, not by n − 1.",
        float((a - b).square().sum(1).mean() / 2 / a.square().sum(1).mean()): (
            "subtract the mean logits first: an offset common to all images is no spread."
        ),
    }
    if np.isclose(found, expected):
        return Answer()
    for slip, words in slips.items():
        if np.isclose(found, slip):
            return Answer(words)
    return Answer(f"for the test logits it is {found:.4g}, not {expected:.4g}.")


def check_knee(attempt: int) -> Answer:
    """Whether this is the knee of the exercise's curve."""
    if isinstance(attempt, bool) or not isinstance(attempt, int):
        return Answer("replace the dots by 0, 1, 2 or 3.")
    if attempt == knee(SIMILARITY, -ACCURACY):
        return Answer()
    if attempt in (0, 3):
        return Answer("the ends lie on the chord; a knee lies off it.")
    return Answer("compare the share of the gain with the share of the loss at both inner points.")


def _relative(a: Tensor, b: Tensor) -> float:
    spread = a.var(0, correction=0).sum()
    return float((a - b).square().sum(1).mean() / 2 / spread)
