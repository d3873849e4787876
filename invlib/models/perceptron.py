"""The plain perceptron of paper genuine, in the form that the classifiers' training expects."""

from torch import Tensor

from invlib.models.mlp import BatchedMLP


class Perceptron(BatchedMLP):
    """A `BatchedMLP` that takes images as they are."""

    def encode(self, x: Tensor) -> Tensor:
        return x
