"""The checks behind the exercises of linear/nonlinear."""

from collections.abc import Callable

import torch
from torch import Tensor

from invlib.exercises.verdict import Answer
from invlib.groups import Group
from invlib.metrics.relative import relative_errors

Function = Callable[[Tensor], Tensor]  # images [n, pixels] to one number each [n]


def check_invariance_error(
    attempt: Callable[[Function, Tensor, Group], Tensor], group: Group
) -> Answer:
    """Whether `attempt(f, x, group)` is ε_inv(f, x) at one image x."""
    generator = torch.Generator().manual_seed(0)
    w = torch.rand(group.pixels, generator=generator, dtype=torch.float64)
    x = torch.rand(group.pixels, generator=generator, dtype=torch.float64)

    def f(images: Tensor) -> Tensor:
        return images @ w + 1

    try:
        found = attempt(f, x, group)
        number = float(found)
    except (TypeError, AttributeError) as error:
        return Answer(f"replace the dots ({error}).")
    except (RuntimeError, ValueError) as error:
        return Answer(f"the result should be one number ({error}).")
    expected = float(relative_errors(f(group.orbit(x)).view(1, 1, -1)))
    if abs(number - expected) <= 1e-9 * expected:
        return Answer()
    values = f(group.orbit(x))
    near = {
        float((1 - values / f(x.unsqueeze(0))).square().mean()): "divide by f̄(x), not by f(x).",
        float((1 - values / values.mean()).mean()): "square before you take the mean.",
        float((values - values.mean()).square().mean()): "relative to f̄(x): divide by it.",
        expected * group.order: "take the mean over the group, not the sum.",
        expected * group.order / (group.order - 1): "divide by |𝒢|, not by |𝒢| − 1.",
    }
    for value, words in near.items():
        if abs(number - value) <= 1e-9 * max(abs(value), 1e-9):
            return Answer(words)
    return Answer("on a function that changes with g, the number is not ε_inv.")


def check_two_units(attempt: Callable[[], tuple[list, list]]) -> Answer:
    """Whether W₁ and W₂ of two ReLU units fit (1, −1) ↦ 1, (−1, 1) ↦ 1 and (1, 1) ↦ 0."""
    try:
        first, second = (torch.tensor(rows, dtype=torch.float64) for rows in attempt())
    except (TypeError, ValueError, RuntimeError) as error:
        return Answer(f"replace the dots by rows of numbers ({error}).")
    if first.shape != (2, 2) or second.shape != (1, 2):
        return Answer(
            f"W₁ should have shape (2, 2) and W₂ (1, 2); they have {tuple(first.shape)} and "
            f"{tuple(second.shape)}."
        )
    points = {(1.0, -1.0): 1.0, (-1.0, 1.0): 1.0, (1.0, 1.0): 0.0}
    for x, target in points.items():
        value = float(second @ torch.relu(first @ torch.tensor(x, dtype=torch.float64)))
        if abs(value - target) > 1e-6:
            point = ", ".join(f"{entry:g}" for entry in x)
            return Answer(f"at ({point}) the network says {value:g}, not {target:g}.")
    return Answer()
