"""Euler's identity on the paper's kind of network: ReLU, no biases, several layers."""

import pytest
import torch

from invlib.methods.invariance_penalties import PENALTIES
from invlib.metrics.layer_pull import layer_pull
from invlib.models.mlp import BatchedMLP


def network(activation: str = "relu") -> BatchedMLP:
    generators = [torch.Generator().manual_seed(0)]
    return BatchedMLP(
        widths=[6, 8, 8, 3], activation=activation, generators=generators, dtype=torch.float64
    )


def pulls(model: BatchedMLP, penalty: str) -> tuple[torch.Tensor, torch.Tensor]:
    x = torch.randn(2, 20, 6, generator=torch.Generator().manual_seed(1), dtype=torch.float64)

    def loss() -> torch.Tensor:
        return PENALTIES[penalty](model(x[0]), model(x[1])).mean()

    return layer_pull(loss, list(model.weights)), loss().detach()


@pytest.mark.parametrize(("penalty", "degree"), [("l2", 2), ("l2_normalized", 0)])
def test_every_layer_feels_the_degree_times_the_penalty(penalty, degree):
    found, value = pulls(network(), penalty)
    torch.testing.assert_close(found, degree * value.expand(3), rtol=1e-12, atol=1e-12)


def test_the_divergence_pulls_alike_at_all_layers_too():
    found, value = pulls(network(), "kl")
    torch.testing.assert_close(found, found[:1].expand(3), rtol=1e-10, atol=0)
    assert not torch.allclose(found[0], 2 * value)


def test_it_needs_a_homogeneous_activation():
    found, _ = pulls(network("tanh"), "l2")
    assert not torch.allclose(found[0], found[1], rtol=1e-3)


def test_the_weights_keep_no_gradient():
    model = network()
    pulls(model, "l2")
    assert all(weight.grad is None for weight in model.weights)
