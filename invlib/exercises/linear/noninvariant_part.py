"""The checks behind the exercises of linear/noninvariant_part."""

from collections.abc import Callable

import torch
from torch import Tensor

from invlib.closed_form.scalar_flow import turning_points
from invlib.exercises.verdict import Answer
from invlib.groups import Group

CLASSES, SAMPLES = 9, 40


def check_cross_term(attempt: Callable[[Tensor, Tensor, Group], Tensor], group: Group) -> Answer:
    """Whether `attempt(W, X, group)` is 2 tr(W Ḡ A W_⊥ᵀ), with the second moment A of X alone."""
    generator = torch.Generator().manual_seed(0)
    draw = {"generator": generator, "dtype": group.matrices().dtype}
    W, X = torch.randn(CLASSES, group.pixels, **draw), torch.rand(SAMPLES, group.pixels, **draw)
    everywhere = group.orbit(X).flatten(0, 1)
    try:
        plain, augmented = float(attempt(W, X, group)), float(attempt(W, everywhere, group))
    except (TypeError, ValueError, RuntimeError) as error:
        return Answer(f"replace the dots by one number ({error}).")
    inside = W @ group.reynolds()
    expected = float(2 * ((inside @ X.T @ X / SAMPLES) * (W - inside)).sum())
    if abs(augmented) > 1e-6 * abs(expected):
        return Answer(f"with all turns of X it should vanish; yours is {augmented:.3g}.")
    if abs(plain) < 1e-6 * abs(expected):
        return Answer("on plain X it should not vanish; yours does.")
    if abs(plain - expected) > 1e-6 * abs(expected):
        return Answer(f"on plain X yours is {plain:.3g}; it should be {expected:.3g}.")
    return Answer()


def check_threshold(attempt: Callable[[float], float]) -> Answer:
    """Whether `attempt(kappa)` is the ε below which ‖W_⊥‖ rises, with one direction: 1/(1 + κ)."""
    for kappa in (0.1, 1.0, 3.0):
        try:
            found = float(attempt(kappa))
        except (TypeError, ValueError) as error:
            return Answer(f"replace the dots by one number ({error}).")
        if not 0 < found < 2:
            return Answer(f"for κ = {kappa:g} yours is {found:.3g}; ε lies between 0 and 1.")
        below, above = (turning_points(found * f, [kappa], [1.0]) for f in (0.98, 1.02))
        if not below:
            return Answer(f"for κ = {kappa:g} there is no rise just below ε = {found:.3g}.")
        if above:
            return Answer(f"for κ = {kappa:g} there is still a rise just above ε = {found:.3g}.")
    return Answer()
