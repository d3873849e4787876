"""The mean squared error of a linear map, as one small quadratic (paper linear, eqs. 4, 7, 9).

The squared error of a linear map depends on the data only through second moments. Training on
these follows the same path as training on the samples, at a cost that does not grow with their
number.
"""

from dataclasses import dataclass, replace
from typing import Self

from torch import Tensor

from invlib.groups import Group


@dataclass(frozen=True)
class Quadratic:
    """The objective tr(W A Wᵀ) − 2 tr(W Bᵀ) + c, one per seed."""

    second: Tensor  # A [seeds, inputs, inputs], symmetric
    cross: Tensor  # B [seeds, classes, inputs]
    constant: Tensor  # c [seeds]

    def value(self, W: Tensor) -> Tensor:
        return ((W @ self.second - 2 * self.cross) * W).sum((-2, -1)) + self.constant

    def gradient(self, W: Tensor) -> Tensor:
        return 2 * (W @ self.second - self.cross)

    def penalized(self, penalty: Tensor) -> Self:
        """The same plus tr(W P Wᵀ) for a symmetric P [inputs, inputs]."""
        return replace(self, second=self.second + penalty)


class MeanSquaredError:
    """The mean of (W x − y)² over samples and classes, as `torch.nn.MSELoss` takes it."""

    def on(self, X: Tensor, Y: Tensor) -> Quadratic:
        count = Y.shape[-2] * Y.shape[-1]
        return Quadratic(
            second=X.mT @ X / count,
            cross=Y.mT @ X / count,
            constant=Y.square().sum((-2, -1)) / count,
        )

    def on_orbits(self, X: Tensor, Y: Tensor, group: Group) -> Quadratic:
        """The same with every sample's whole orbit: the moments become their group averages."""
        plain = self.on(X, Y)
        elements = range(group.order)
        second = sum(group.act(group.act(plain.second, k).mT, k) for k in elements) / group.order
        return Quadratic(second, group.orbit(plain.cross).mean(-2), plain.constant)
