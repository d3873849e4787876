"""The check behind the exercise of genuine/orbit_geometry."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from invlib.exercises.verdict import Answer, attempted
from invlib.metrics.orbit_geometry import distances

LABELS = torch.tensor([0, 1, 0, 1, 2, 2, 0])


def check_orbit_over_class(attempt: Callable[[Tensor, Tensor], float]) -> Answer:
    """Whether `attempt(features, labels)` is the mean distance in orbits over that in classes."""
    generator = torch.Generator().manual_seed(0)
    features = torch.randn(len(LABELS), 3, 4, generator=generator, dtype=torch.float64)
    found, wrong = attempted(attempt, features, LABELS)
    if wrong is not None:
        return wrong
    try:
        value = float(found)
    except (TypeError, ValueError, RuntimeError):
        return Answer("replace the dots: the result should be one number.")
    own = distances(features, LABELS)
    if math.isclose(value, own.within_orbit / own.within_class, rel_tol=1e-6):
        return Answer()
    if math.isclose(value, own.within_class / own.within_orbit, rel_tol=1e-6):
        return Answer("that is the inverse: class over orbit.")
    if math.isclose(value, own.within_orbit / own.between_classes, rel_tol=1e-6):
        return Answer("the denominator holds pairs of two classes; take pairs of one.")
    order = features.shape[1]
    if math.isclose(value, own.within_orbit * (order - 1) / order / own.within_class, rel_tol=1e-6):
        return Answer("a feature's distance to itself, zero, is among those in its orbit.")
    return Answer(
        "the ratio is not right. Are the images in the denominator different ones of one class?"
    )
