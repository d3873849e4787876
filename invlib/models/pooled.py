"""The weight-tied perceptron with other poolings over the group than the mean after the ReLU."""

from collections.abc import Sequence

import torch
from torch import Tensor

from invlib.groups.group import Group
from invlib.models.weight_tied import WeightTiedMLP

POOLINGS = ("max", "before")


class PooledMLP(WeightTiedMLP):
    """h₁ = max over g of ReLU(W₁ g x), or ReLU of the mean of W₁ g x ("before" the ReLU).

    The second sees an image only through the mean of its orbit.
    """

    def __init__(
        self,
        group: Group,
        *,
        pooling: str,
        widths: Sequence[int],
        generators: Sequence[torch.Generator],
    ) -> None:
        super().__init__(group, widths=widths, generators=generators)
        self._pooling = pooling

    def pooled(self, encoded: Tensor) -> Tensor:
        products = self._orbits.products(encoded, self.weights[0])
        if self._pooling == "max":
            total = products[0]
            for product in products[1:]:
                total = torch.maximum(total, product)
            return total.relu()  # the same as the largest of the ReLUs
        return (sum(products) / self._orbits.order).relu()
