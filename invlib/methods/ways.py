"""Three ways to an invariant linear map under mean squared error (paper linear, eqs. 4, 7, 9).

A way says what objective is trained (`objective`), on how many inputs, and how the trained map
reads on plain pixels and back (`in_pixels`, `from_pixels`).

The squared error of a linear map depends on the data only through second moments, so each way
becomes one small quadratic in W. Training on it follows the same path as training on the samples,
at a cost that does not grow with their number.

Samples are rows; a leading dimension holds the seeds: X [seeds, n, pixels], Y [seeds, n, classes].
"""

from dataclasses import dataclass

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


def mean_squared_error(X: Tensor, Y: Tensor) -> Quadratic:
    """The mean of (W x − y)² over samples and classes, as `torch.nn.MSELoss` takes it."""
    count = Y.shape[-2] * Y.shape[-1]
    return Quadratic(
        second=X.mT @ X / count,
        cross=Y.mT @ X / count,
        constant=Y.square().sum((-2, -1)) / count,
    )


@dataclass(frozen=True)
class Constrained:
    """Hard-wired invariance (eq. 4): the map sees each pixel orbit only through its mean."""

    def inputs(self, group: Group) -> int:
        return group.orbit_basis().shape[1]

    def objective(self, X: Tensor, Y: Tensor, group: Group) -> Quadratic:
        return mean_squared_error(X @ self._pooling(group, X).mT, Y)

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
class Augmented:
    """Data augmentation (eq. 9): every sample stands with its whole orbit."""

    def inputs(self, group: Group) -> int:
        return group.pixels

    def objective(self, X: Tensor, Y: Tensor, group: Group) -> Quadratic:
        plain = mean_squared_error(X, Y)
        # The moments of the augmented set are the group's averages of the plain ones.
        elements = range(group.order)
        second = sum(group.act(group.act(plain.second, k).mT, k) for k in elements) / group.order
        cross = group.orbit(plain.cross).mean(-2)
        return Quadratic(second, cross, plain.constant)

    def in_pixels(self, W: Tensor, group: Group) -> Tensor:
        return W

    def from_pixels(self, W: Tensor, group: Group) -> Tensor:
        return W


@dataclass(frozen=True)
class Regularized:
    """A penalty on non-invariance (eq. 7): the mean squared error plus strength · ‖W G‖²."""

    strength: float

    def inputs(self, group: Group) -> int:
        return group.pixels

    def objective(self, X: Tensor, Y: Tensor, group: Group) -> Quadratic:
        plain = mean_squared_error(X, Y)
        G = group.constraint().to(X)
        return Quadratic(plain.second + self.strength * G @ G.mT, plain.cross, plain.constant)

    def in_pixels(self, W: Tensor, group: Group) -> Tensor:
        return W

    def from_pixels(self, W: Tensor, group: Group) -> Tensor:
        return W


Method = Constrained | Augmented | Regularized


def method(name: str, strength: float) -> Method:
    """A way by its name in a configuration."""
    if name == "regularized":
        return Regularized(strength)
    return {"constrained": Constrained, "augmented": Augmented}[name]()
