"""Three ways to an invariant linear map (paper linear, problems 4, 7 and 9), for any loss.

A way says what objective is trained (`objective`), on how many inputs, and how the trained map
reads on plain pixels and back (`in_pixels`, `from_pixels`).

Samples are rows; a leading dimension holds the seeds: X [seeds, n, pixels], Y [seeds, n, classes].
"""

from dataclasses import dataclass
from typing import Protocol, Self

from torch import Tensor

from invlib.groups import Group
from invlib.methods.cross_entropy import CrossEntropyLoss
from invlib.methods.mean_squared_error import MeanSquaredError
from invlib.training.full_batch import Objective


class Penalizable(Objective, Protocol):
    """An objective to which a penalty tr(W P Wᵀ) can be added."""

    def penalized(self, penalty: Tensor) -> Self: ...


class Loss(Protocol):
    """What an objective adds up over samples."""

    def on(self, X: Tensor, Y: Tensor) -> Penalizable: ...
    def on_orbits(self, X: Tensor, Y: Tensor, group: Group) -> Penalizable: ...


LOSSES: dict[str, Loss] = {"mse": MeanSquaredError(), "cross_entropy": CrossEntropyLoss()}


@dataclass(frozen=True)
class Constrained:
    """Hard-wired invariance (eq. 4): the map sees each pixel orbit only through its mean."""

    def inputs(self, group: Group) -> int:
        return group.orbit_basis().shape[1]

    def objective(self, loss: Loss, X: Tensor, Y: Tensor, group: Group) -> Objective:
        return loss.on(X @ self._pooling(group, X).mT, Y)

    def in_pixels(self, W: Tensor, group: Group) -> Tensor:
        """The map on pixels that a map on orbit means stands for."""
        return W @ self._pooling(group, W)

    def from_pixels(self, W: Tensor, group: Group) -> Tensor:
        basis = group.orbit_basis().to(W)
        return W @ basis / basis.amax(0)

    @staticmethod
    def _pooling(group: Group, like: Tensor) -> Tensor:
        """The matrix B [orbits, pixels] whose rows average one orbit each."""
        basis = group.orbit_basis().to(like)  # columns constant on an orbit, 1/√(orbit size)
        return (basis * basis.amax(0)).mT


@dataclass(frozen=True)
class _OnPixels:
    """What the ways that train on plain pixels share."""

    def inputs(self, group: Group) -> int:
        return group.pixels

    def in_pixels(self, W: Tensor, group: Group) -> Tensor:
        return W

    def from_pixels(self, W: Tensor, group: Group) -> Tensor:
        return W


@dataclass(frozen=True)
class Augmented(_OnPixels):
    """Data augmentation (eq. 9): every sample stands with its whole orbit."""

    def objective(self, loss: Loss, X: Tensor, Y: Tensor, group: Group) -> Objective:
        return loss.on_orbits(X, Y, group)


@dataclass(frozen=True)
class Regularized(_OnPixels):
    """A penalty on non-invariance (eq. 7): the loss on plain samples plus strength · ‖W G‖²."""

    strength: float

    def objective(self, loss: Loss, X: Tensor, Y: Tensor, group: Group) -> Objective:
        G = group.constraint().to(X)
        return loss.on(X, Y).penalized(self.strength * G @ G.mT)


Method = Constrained | Augmented | Regularized


def method(name: str, strength: float) -> Method:
    """A way by its name in a configuration."""
    if name == "regularized":
        return Regularized(strength)
    return {"constrained": Constrained, "augmented": Augmented}[name]()
