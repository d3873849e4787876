"""The checks behind the exercises of linear/cross_entropy."""

from collections.abc import Callable

import torch
from torch import Tensor

from invlib.exercises.verdict import Answer
from invlib.groups import Group
from invlib.metrics import noninvariant_part

CLASSES = 9


def check_cross_entropy_gradient(attempt: Callable[[Tensor, Tensor, Tensor], Tensor]) -> Answer:
    """Whether `attempt(W, X, Y)` is the gradient in W of the mean cross-entropy of X Wᵀ."""
    generator = torch.Generator().manual_seed(0)
    X = torch.randn(30, 16, generator=generator, dtype=torch.float64)
    labels = torch.randint(CLASSES, (30,), generator=generator)
    Y = torch.nn.functional.one_hot(labels, CLASSES).double()
    W = torch.randn(CLASSES, 16, generator=generator, dtype=torch.float64, requires_grad=True)
    (expected,) = torch.autograd.grad(torch.nn.functional.cross_entropy(X @ W.T, labels), W)
    try:
        found = attempt(W.detach(), X, Y)
    except TypeError as error:
        return Answer(f"replace the dots ({error}).")
    if not isinstance(found, Tensor) or found.shape != W.shape:
        return Answer(f"the result should be a tensor of shape {tuple(W.shape)}, like W.")
    if torch.allclose(found, expected):
        return Answer()
    if torch.allclose(found, len(X) * expected):
        return Answer("this is the sum over samples; the loss is their mean.")
    if torch.allclose(found, -expected):
        return Answer("the sign is wrong: moving along your result would lower the loss.")
    if not torch.allclose(found.sum(0), torch.zeros(16, dtype=torch.float64), atol=1e-8):
        return Answer("the rows of the gradient add up to zero, those of your result do not.")
    return Answer("autograd finds another gradient.")


def check_same_predictions(attempt: Callable[[Tensor, Tensor], Tensor], group: Group) -> Answer:
    """Whether `attempt(W, v)` moves W without moving any softmax, and depends on v."""
    generator = torch.Generator().manual_seed(0)
    W, v, X = (
        torch.randn(rows, group.pixels, generator=generator, dtype=torch.float64)
        for rows in (CLASSES, 1, 20)
    )
    W, v = W - noninvariant_part(W, group), v[0]
    try:
        found = attempt(W, v)
    except TypeError as error:
        return Answer(f"replace the dots ({error}).")
    if not isinstance(found, Tensor) or found.shape != W.shape:
        return Answer(f"the result should be a tensor of shape {tuple(W.shape)}, like W.")
    if not torch.allclose((X @ found.T).softmax(-1), (X @ W.T).softmax(-1), atol=1e-8):
        return Answer("the softmax changes: what is added must be the same for every class.")
    if torch.linalg.matrix_norm(noninvariant_part(found, group)) < 1e-6:
        return Answer("the map is still invariant: let v into it.")
    return Answer()
