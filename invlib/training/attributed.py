"""Update rules that say how much of a step each part of the gradient is responsible for.

A gradient comes as several parts that add up to it; a step comes back as as many increments that
add up to it. Gradient descent is linear, so its parts do not meet. Adam's averages of the gradient
are linear too, and all of them are divided by the same root of averaged squares.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from torch import Tensor

BETAS, EPSILON = (0.9, 0.999), 1e-8  # Adam's defaults


class UpdateRule(Protocol):
    """A rule for one tensor of weights."""

    def step(self, parts: Sequence[Tensor]) -> list[Tensor]:
        """The increments that the parts of the gradient stand for."""


class GradientDescent:
    """Steps of `rate` times the gradient."""

    def __init__(self, rate: float) -> None:
        self.rate = rate

    def step(self, parts: Sequence[Tensor]) -> list[Tensor]:
        return [-self.rate * part for part in parts]


class Adam:
    """Adam as in torch. `share` averages the squares among entries that are to step alike."""

    def __init__(self, rate: float, share: Callable[[Tensor], Tensor] | None = None) -> None:
        self.rate, self.share = rate, share
        self._steps = 0
        self._means: list[Tensor] = []
        self._squares: Tensor | None = None

    def step(self, parts: Sequence[Tensor]) -> list[Tensor]:
        gradient = sum(parts)
        if self._squares is None:
            self._means = [part.new_zeros(part.shape) for part in parts]
            self._squares = gradient.new_zeros(gradient.shape)
        self._steps += 1
        (first, second), t = BETAS, self._steps
        self._squares.mul_(second).addcmul_(gradient, gradient, value=1 - second)
        squares = self._squares if self.share is None else self.share(self._squares)
        scale = (squares / (1 - second**t)).sqrt_().add_(EPSILON)
        for mean, part in zip(self._means, parts, strict=True):
            mean.mul_(first).add_(part, alpha=1 - first)
        return [mean / scale * (-self.rate / (1 - first**t)) for mean in self._means]
