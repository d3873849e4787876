"""Training that keeps account of what changes ‖W_⊥‖² (paper linear, Sec. 4.3).

A network W = W₂ W₁ has W_⊥ = W₂ V with V = W₁ (I − Ḡ). To first order a step changes

    ‖W_⊥‖² by 2 ⟨W_⊥, ΔW₂ V⟩ + 2 ⟨W_⊥, W₂ ΔW₁⟩,

and each increment belongs to the target error or to the invariance error. That makes four
accounts. What they leave unexplained is of second order in the step.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor

from invlib.errors import InvlibError
from invlib.methods.split_error import SplitError
from invlib.training.attributed import UpdateRule

ACCOUNTS = ("second_by_target", "second_by_invariance", "first_by_target", "first_by_invariance")


@dataclass(frozen=True)
class Weights:
    """How much each part of the error counts, and whether W₂ feels the invariance error."""

    target: float = 1.0
    invariance: float = 1.0
    feedback: bool = True
    hold_second: bool = False


Observe = Callable[[int, Tensor, Tensor, Tensor], None]  # epoch, W₁, W₂, accounts [4, seeds]


def train_with_ledger(
    first: Tensor,
    second: Tensor,
    split: SplitError,
    rules: tuple[UpdateRule, UpdateRule],
    weights: Weights,
    *,
    epochs: int,
    observe_every: int,
    observe: Observe,
) -> None:
    """Full-batch steps from W₁ [seeds, hidden, inputs] and W₂ [seeds, classes, hidden]."""
    accounts = first.new_zeros(len(ACCOUNTS), len(first))
    for epoch in range(epochs + 1):
        if epoch % observe_every == 0 or epoch == epochs:
            if not (first.isfinite().all() and second.isfinite().all()):
                raise InvlibError(f"training diverged before epoch {epoch}: take smaller steps.")
            observe(epoch, first, second, accounts)
        if epoch == epochs:
            break
        now = Gradients.at(first, second, split, weights)
        by_first = rules[0].step(now.of_first)
        by_second = rules[1].step(now.of_second)
        if weights.hold_second:
            by_second = [torch.zeros_like(second)] * 2
        through = [now.through_second] * 2 + [now.through_first] * 2
        steps = [*by_second, *by_first]
        entries = [(t * s).sum((-2, -1)) for t, s in zip(through, steps, strict=True)]
        accounts = accounts + 2 * torch.stack(entries)
        first, second = first + sum(by_first), second + sum(by_second)


@dataclass(frozen=True)
class Gradients:
    """The gradients in W₁ and W₂, each as [of the target error, of the invariance error].

    `through_first` and `through_second` are half the gradients of ‖W_⊥‖². Nothing as large as W is
    formed: few hidden units make W₂ᵀW₂ and what stands before W₁ᵀ small.
    """

    of_first: list[Tensor]
    of_second: list[Tensor]
    through_first: Tensor
    through_second: Tensor

    @classmethod
    def at(cls, first: Tensor, second: Tensor, split: SplitError, weights: Weights) -> Self:
        weighed = split.weigh(first)
        inside = split.average(weighed)
        rows = [inside, weighed - inside, first - split.average(first), split.cross]
        _, outside, V, cross = rows
        inside_first, outside_first, V_first, cross_first = (
            torch.cat(rows, -2) @ first.mT  # one product of many rows is faster than four of few
        ).split([row.shape[-2] for row in rows], -2)
        gram = second.mT @ second
        target, invariance = 2 * weights.target, 2 * weights.invariance
        return cls(
            of_first=[
                target * (gram @ inside - second.mT @ cross),
                invariance * (gram @ outside),
            ],
            of_second=[
                target * (second @ inside_first - cross_first),
                invariance * weights.feedback * (second @ outside_first),
            ],
            through_first=gram @ V,
            through_second=second @ V_first,
        )
