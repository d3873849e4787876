"""What is followed while nonlinear two-layer networks train: loss, invariance, its parts."""

import numpy as np
import torch
from torch import Tensor

from invlib.groups import Group
from invlib.groups.orbit_products import OrbitProducts
from invlib.metrics import invariant_proportion
from invlib.models.side_by_side import Inputs, PlainInputs, SideBySide
from invlib.studies.linear.nonlinear_sample import (
    POINTS,
    accuracy_on_orbits,
    invariance_errors,
    orbit_means,
    summary_over,
)


def seen_by(method: str, X: Tensor, group: Group) -> Inputs:
    """What networks of this way see of images: all poses, or the means of the pixel orbits."""
    return OrbitProducts(X, group) if method == "augmented" else PlainInputs(orbit_means(X, group))


class NonlinearObserver:
    """The points of all curves, for all networks of one seed.

    Under augmentation the loss is that of the mean over the group, f̄, plus `spread`, the mean of
    (f(g x) − f̄(x))²: what the lack of invariance costs. `first_invariant` is the invariant share
    of ‖W₁‖². ε_inv is measured seldom, on points of its own.
    """

    def __init__(
        self,
        networks: SideBySide,
        names: tuple[str, ...],
        training: tuple[Inputs, Tensor],  # inputs, and targets [outputs, n]
        points: dict[str, Inputs],
        group: Group,
        *,
        invariance: bool,  # whether there is any lack of it to measure
    ) -> None:
        self.networks, self.names, self.group = networks, names, group
        self.inputs, self.targets = training
        self.points, self.invariance = points, invariance
        self._epochs: list[int] = []
        self._points: dict[str, list[float]] = {}
        self._measured: list[tuple[int, dict[str, float]]] = []

    def see(self, epoch: int) -> Tensor:
        """Add one point to every curve of the training images; the losses, one per network."""
        self._epochs.append(epoch)
        values = self.networks.outputs(self.inputs)
        losses = [(value - self.targets.unsqueeze(1)).square().mean() for value in values]
        for name, loss, value, (first, _) in zip(
            self.names, losses, values, self.networks.weights(), strict=True
        ):
            seen = {"loss": loss}
            if self.invariance:
                seen["spread"] = (value - value.mean(1, keepdim=True)).square().mean()
                seen["first_invariant"] = invariant_proportion(first, self.group)
            for what, number in seen.items():
                self._points.setdefault(f"{name}_{what}", []).append(float(number))
        return torch.stack(losses)

    def measure(self, epoch: int) -> None:
        """Measure ε_inv of every network, in every reading."""
        found: dict[str, float] = {}
        for kind in POINTS:
            for name, value in zip(self.names, self._values(kind), strict=True):
                found |= invariance_errors(value, kind, f"{name}_")
        self._measured.append((epoch, found))

    def metrics(self, labels: Tensor) -> dict[str, float]:
        """The last value of everything by network; without a network's name, over all of them."""
        final = {key: points[-1] for key, points in self._points.items()}
        final["loss"] = float(np.mean([final[f"{name}_loss"] for name in self.names]))
        for name, value in zip(self.names, self._values("images"), strict=True):
            final[f"{name}_test_accuracy"] = accuracy_on_orbits(value, labels)
        if self._measured:
            _, errors = self._measured[-1]
            final |= errors | summary_over(self.names, errors)
        return final

    def curves(self) -> dict[str, np.ndarray]:
        """By epoch, and ε_inv in its first reading by an axis of its own."""
        found = {"epoch": np.array(self._epochs, dtype=np.int32)}
        for key, points in self._points.items():
            found[key] = np.array(points, dtype=np.float32)
        if self._measured:
            found["measured_epoch"] = np.array([e for e, _ in self._measured], dtype=np.int32)
            for name in self.names:
                for kind in POINTS:
                    key = f"{name}_eps_{kind}"
                    values = [errors[key] for _, errors in self._measured]
                    found[key] = np.array(values, dtype=np.float32)
        return found

    def _values(self, kind: str) -> list[Tensor]:
        """What each network says of the points: [n, outputs, poses]."""
        return [value.permute(2, 0, 1) for value in self.networks.outputs(self.points[kind])]
