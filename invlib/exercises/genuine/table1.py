"""The checks behind the exercises of genuine/table1."""

from collections.abc import Callable

import torch
from torch import Tensor

from invlib.exercises.verdict import Answer, attempted
from invlib.groups import rotations
from invlib.metrics import logit_invariance_error, predictive_invariance_error

SIDE, CLASSES = 4, 3


def check_logit_error(attempt: Callable[[Tensor, Tensor], Tensor]) -> Answer:
    """Whether `attempt(a, b)` is ½ ‖a − b‖² for each pair of logits [n, classes]."""
    generator = torch.Generator().manual_seed(0)
    W = torch.randn(CLASSES, SIDE**2, generator=generator)
    x, group = torch.rand(6, SIDE**2, generator=generator), rotations(SIDE)
    errors = []
    for k in range(1, group.order):
        found, wrong = attempted(attempt, x @ W.T, group.act(x, k) @ W.T)
        if wrong is not None:
            return wrong
        if not isinstance(found, Tensor) or found.shape != x.shape[:1]:
            return Answer("the result should hold one number for each image.")
        errors.append(found)
    ours = logit_invariance_error(lambda images: images @ W.T, x, group)
    ratio = float(torch.stack(errors).mean()) / ours
    if abs(ratio - 1) < 1e-4:
        return Answer()
    if abs(ratio - 2) < 1e-4:
        return Answer("twice too much: there is a ½ in eq. 2.")
    if abs(ratio - 1 / CLASSES) < 1e-4 or abs(ratio - 2 / CLASSES) < 1e-4:
        return Answer("a norm is a sum over classes, not their mean.")
    return Answer("averaged over x and g ≠ e it should be LI, and is not.")


def check_logits_that_hide(attempt: Callable[[Tensor], Tensor]) -> Answer:
    """Whether `attempt(logits)` moves LI but not DI: the same softmax from other logits."""
    generator = torch.Generator().manual_seed(1)
    W = torch.randn(CLASSES, SIDE**2, generator=generator)
    group = rotations(SIDE)
    W = group.orbit(W).mean(-2)  # an invariant map
    x = torch.rand(6, SIDE**2, generator=generator)
    found, wrong = attempted(attempt, x @ W.T)
    if wrong is not None:
        return wrong
    if not isinstance(found, Tensor) or found.shape != (len(x), CLASSES):
        return Answer("the result should be logits of the same shape.")

    def model(images: Tensor) -> Tensor:
        turned = images[:, :1] > x.median()  # what tells some turns of an image from others
        return torch.where(turned, attempt(images @ W.T), images @ W.T)

    if predictive_invariance_error(model, x, group) > 1e-6:
        return Answer("the softmax changes, so DI does.")
    if logit_invariance_error(model, x, group) < 1e-3:
        return Answer("the logits do not change, so LI stays zero.")
    return Answer()
