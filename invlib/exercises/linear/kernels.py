"""The check behind the exercise of linear/kernels."""

from collections.abc import Callable

import torch
from torch import Tensor

from invlib.closed_form.relu_ntk import averaged_relu_ntk
from invlib.exercises.verdict import Answer
from invlib.groups import Group


def check_averaged_kernel(
    attempt: Callable[[Tensor, Tensor, Group], Tensor], group: Group
) -> Answer:
    """Whether `attempt(x, other, group)` is the kernel of the group-averaged network."""
    generator = torch.Generator().manual_seed(0)
    x, other = (
        torch.rand(count, group.pixels, generator=generator, dtype=torch.float64)
        for count in (3, 4)
    )
    try:
        found = attempt(x, other, group)
    except (TypeError, AttributeError) as error:
        return Answer(f"replace the dots ({error}).")
    if not isinstance(found, Tensor) or found.shape != (3, 4):
        return Answer("for 3 and 4 images the result should be a tensor of shape (3, 4).")
    if not torch.allclose(attempt(group.act(x, 1), other, group), found):
        return Answer("the result changes when x turns.")
    if not torch.allclose(attempt(x, group.act(other, 1), group), found):
        return Answer("the result changes when x' turns.")
    if not torch.allclose(found, averaged_relu_ntk(x, other, group)):
        return Answer("it is invariant, but not the mean of the kernel over turns of x'.")
    return Answer()
