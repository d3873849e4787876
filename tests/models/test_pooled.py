"""Other poolings of the weight-tied perceptron, against their formulas on turned images."""

import pytest
import torch

from invlib.groups import rotations, translations
from invlib.metrics import logit_invariance_error
from invlib.models.pooled import POOLINGS, PooledMLP

SIDE = 6


@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize("group", [rotations(SIDE), translations(SIDE, 2)], ids=["R4", "T3"])
def test_the_first_layer_is_the_formula_on_all_poses_and_invariant(group, pooling):
    network = PooledMLP(
        group,
        pooling=pooling,
        widths=[SIDE**2, 5, 4],
        generators=[torch.Generator().manual_seed(1)],
    ).double()
    x = torch.randn(7, SIDE**2, dtype=torch.float64, generator=torch.Generator().manual_seed(2))
    products = torch.stack([group.act(x, k) @ network.weights[0][0].T for k in range(group.order)])
    wanted = {"max": products.relu().amax(0), "before": products.mean(0).relu()}[pooling]
    torch.testing.assert_close(network.pooled(network.encode(x[None]))[0], wanted)

    def logits(images):
        return network(network.encode(images[None]))[0]

    with torch.no_grad():
        assert logit_invariance_error(logits, x, group) < 1e-20
