"""Hidden layers: the last weights lead from them to the logits, and WT's do not see the pose."""

import pytest
import torch

from invlib.groups import rotations
from invlib.models.hidden import hidden_layers
from invlib.models.perceptron import Perceptron
from invlib.models.weight_tied import WeightTiedMLP

GROUP = rotations(4)


@pytest.fixture(params=["plain", "tied"])
def network(request):
    generators = [torch.Generator().manual_seed(k) for k in (0, 1)]
    widths = [16, 7, 6, 5]
    if request.param == "tied":
        return WeightTiedMLP(GROUP, widths=widths, generators=generators).double()
    return Perceptron(widths=widths, activation="relu", generators=generators).double()


def test_from_the_penultimate_layer_to_the_logits(network):
    x = torch.randn(1, 9, 16, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    encoded = network.encode(x.expand(2, -1, -1))
    found = hidden_layers(network, encoded)
    assert [h.shape for h in found] == [(2, 9, 7), (2, 9, 6)]
    assert all((h >= 0).all() and (h > 0).any() for h in found)
    torch.testing.assert_close(found[-1] @ network.weights[-1].mT, network(encoded))


def test_only_the_weight_tied_layers_are_the_same_in_all_poses(network):
    x = torch.randn(1, 4, 16, generator=torch.Generator().manual_seed(3), dtype=torch.float64)
    still, turned = (
        hidden_layers(network, network.encode(z.expand(2, -1, -1))) for z in (x, GROUP.act(x, 1))
    )
    same = [torch.allclose(a, b) for a, b in zip(still, turned, strict=True)]
    assert same == [isinstance(network, WeightTiedMLP)] * 2
