"""What the hidden layers of paper genuine's perceptrons say about images (Fig. 2)."""

from torch import Tensor

from invlib.models.perceptron import Perceptron
from invlib.models.weight_tied import WeightTiedMLP


def hidden_layers(network: Perceptron | WeightTiedMLP, encoded: Tensor) -> list[Tensor]:
    """The output of every hidden layer after its ReLU, first to penultimate.

    Each is [networks, n, width]. The first one of a weight-tied network is pooled over the group.
    The last weight matrix, applied to the last of them, gives the logits.
    """
    first, *others = list(network.weights)[:-1]
    if isinstance(network, WeightTiedMLP):
        found = [network.pooled(encoded)]
    else:
        found = [(encoded @ first.mT).relu()]
    for weight in others:
        found.append((found[-1] @ weight.mT).relu())
    return found
