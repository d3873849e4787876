"""What is followed while a two-layer linear network trains: accuracy, invariance, their parts."""

from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from invlib.groups import Group
from invlib.methods.ways import LOSSES, Augmented, Method
from invlib.metrics import invariant_proportion, noninvariant_part
from invlib.models.two_layer import TwoLayerLinear
from invlib.studies.linear.optimum import augmented_accuracy
from invlib.training.full_batch import Objective

BLANK = 1e-12  # directions in which augmented images have less than this part of the most variance


class Observer:
    """The points of all curves, for all seeds at once.

    `loss` is the objective, `invariant_loss` the same for the invariant part W Ḡ alone. Under
    augmentation their difference is what W_⊥ costs, and for squared error it is a quadratic in W_⊥
    alone. `noninvariant_first_norm` is ‖W₁ (I − Ḡ)‖, `second_norm` ‖W₂‖, and `blank_norm` the part
    of ‖W_⊥‖ in directions that no image has, where no data can change W₁.
    """

    def __init__(
        self,
        network: TwoLayerLinear,
        objective: Objective,
        way: Method,
        X: Tensor,
        Y: Tensor,
        group: Group,
    ) -> None:
        self.network, self.objective, self.way = network, objective, way
        self.X, self.Y, self.group = X, Y, group
        self._epochs: list[int] = []
        self._points: dict[str, list[Tensor]] = {}
        self._orbit_weights: list[Tensor] = []

    def see(self, epoch: int, W: Tensor, loss: Tensor) -> None:
        """Add one point to every curve; W is the map that the network computes on its inputs."""
        in_pixels = self.way.in_pixels(W, self.group)
        noninvariant = noninvariant_part(in_pixels, self.group)
        invariant = self.way.from_pixels(in_pixels - noninvariant, self.group)
        first = self.way.in_pixels(self.network.first.detach(), self.group)
        seen = {
            "loss": loss,
            "invariant_loss": self.objective.value(invariant),
            "accuracy": augmented_accuracy(in_pixels, self.X, self.Y, self.group),
            "noninvariant_norm": _norm(noninvariant),
            "blank_norm": _norm(noninvariant @ self._blank),
            "invariant_proportion": invariant_proportion(in_pixels, self.group),
            "noninvariant_first_norm": _norm(noninvariant_part(first, self.group)),
            "second_norm": _norm(self.network.second.detach()),
        }
        self._epochs.append(epoch)
        for name, values in seen.items():
            self._points.setdefault(name, []).append(values)
        self._orbit_weights.append(in_pixels[..., tracked_orbit(self.group)])

    def curves(self, seed: int) -> dict[str, np.ndarray]:
        """The curves of the seed in this place, with their epochs."""
        found = {"epoch": np.array(self._epochs, dtype=np.int32)}
        for name, values in self._points.items():
            found[name] = torch.stack(values, -1)[seed].numpy().astype(np.float32)
        return found

    def last(self) -> dict[str, np.ndarray]:
        """The last point of every curve, for all seeds."""
        return {name: values[-1].numpy() for name, values in self._points.items()}

    def orbit_weights(self, seed: int) -> np.ndarray:
        """The entries of W on one pixel orbit: [points, classes, pixels of the orbit]."""
        return torch.stack(self._orbit_weights, 1)[seed].numpy().astype(np.float32)

    @cached_property
    def _blank(self) -> Tensor:
        """Projections on the directions that no augmented image has: [seeds, pixels, pixels]."""
        second = Augmented().objective(LOSSES["mse"], self.X, self.Y, self.group).second
        values, vectors = torch.linalg.eigh(second)
        blank = (values < BLANK * values[..., -1:]).unsqueeze(-2)
        return (vectors * blank) @ vectors.mT


def tracked_orbit(group: Group) -> list[int]:
    """The pixels of one orbit, ascending: that of the pixel a quarter in from the corner.

    At 14x14 these are 45, 52, 143 and 150, the columns that the paper follows.
    """
    pixel = group.side // 4 * (group.side + 1)
    moved = group.matrices()[:, :, pixel].argmax(-1)
    return sorted(set(moved.tolist()))


def _norm(matrix: Tensor) -> Tensor:
    return torch.linalg.matrix_norm(matrix)
