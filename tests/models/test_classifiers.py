"""The perceptron and its weight-tied form, against the formulas written out."""

import pytest
import torch
from torch.nn.functional import relu

from invlib.groups import rotations, translations
from invlib.models.perceptron import Perceptron
from invlib.models.weight_tied import WeightTiedMLP
from invlib.training.seeds import stream

WIDTHS = [36, 7, 6, 4]


def generators(count: int) -> list[torch.Generator]:
    return [stream(seed, "init") for seed in range(count)]


def images(networks: int) -> torch.Tensor:
    return torch.rand(networks, 5, 36, generator=stream(0, "images"))


def test_the_paper_s_network_has_230k_parameters():
    network = Perceptron(widths=[1296, *[128] * 5, 9], activation="relu", generators=generators(1))
    assert sum(p.numel() for p in network.parameters()) == 232_576


@pytest.mark.parametrize("count", [1, 3])
def test_a_perceptron_is_its_layers(count):
    network = Perceptron(widths=WIDTHS, activation="relu", generators=generators(count))
    x = images(count)
    first, second, last = network.weights
    expected = relu(relu(x @ first.mT) @ second.mT) @ last.mT
    assert torch.allclose(network(network.encode(x)), expected, atol=1e-6)


@pytest.mark.parametrize("group", [rotations(6), translations(6)], ids=str)
@pytest.mark.parametrize("count", [1, 3])
def test_weight_tying_pools_the_first_layer_over_the_group(group, count):
    network = WeightTiedMLP(group, widths=WIDTHS, generators=generators(count))
    x = images(count)
    first, second, last = network.weights
    pooled = torch.stack([relu(group.act(x, k) @ first.mT) for k in range(group.order)]).mean(0)
    expected = relu(pooled @ second.mT) @ last.mT
    assert torch.allclose(network(network.encode(x)), expected, atol=1e-5)
    for k in range(group.order):
        moved = network(network.encode(group.act(x, k)))
        assert torch.allclose(moved, expected, atol=1e-5)


def test_both_start_from_the_same_weights():
    plain = Perceptron(widths=WIDTHS, activation="relu", generators=generators(2))
    tied = WeightTiedMLP(rotations(6), widths=WIDTHS, generators=generators(2))
    for a, b in zip(plain.weights, tied.weights, strict=True):
        assert torch.equal(a, b)
