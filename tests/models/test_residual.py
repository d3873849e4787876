"""Residual perceptrons are plain PyTorch networks, one per seed."""

import torch
from torch import nn

from invlib.models.mlp import BatchedMLP
from invlib.models.residual import BatchedResidual
from invlib.training.seeds import stream


def network(seeds=(0, 1, 2), blocks=2):
    return BatchedResidual(
        inputs=6,
        width=5,
        blocks=blocks,
        outputs=3,
        generators=[stream(seed, "init") for seed in seeds],
        dtype=torch.float64,
    )


def plain(batched, place, x):
    layers = []
    for weight in batched.weights:
        layer = nn.Linear(weight.shape[2], weight.shape[1], bias=False, dtype=torch.float64)
        layer.weight.data = weight[place].detach()
        layers.append(layer)
    h = layers[0](x)
    for i in range(1, len(layers) - 1, 2):
        h = h + layers[i + 1](torch.relu(layers[i](torch.relu(h))))
    return layers[-1](torch.relu(h))


def test_each_seed_computes_what_a_plain_network_does():
    batched = network()
    x = torch.randn(3, 7, 6, generator=stream(0, "x"), dtype=torch.float64)
    for place in range(3):
        torch.testing.assert_close(batched(x)[place], plain(batched, place, x[place]))
        torch.testing.assert_close(batched(x[0])[place], plain(batched, place, x[0]))
        torch.testing.assert_close(batched(x)[place], network(seeds=(place,))(x[place])[0])


def test_gradients_do_not_mix_networks():
    batched = network()
    x = torch.randn(7, 6, generator=stream(0, "x"), dtype=torch.float64)
    batched(x).square().mean((-2, -1)).sum().backward()
    for place in range(3):
        alone = network(seeds=(place,))
        alone(x).square().mean().backward()
        for ours, single in zip(batched.weights, alone.weights, strict=True):
            torch.testing.assert_close(ours.grad[place], single.grad[0])


def test_it_has_the_layers_of_the_papers_perceptron():
    """Two blocks and five hidden layers: the same matrices, from the same draws."""
    generators = [stream(0, "init")]
    residual = BatchedResidual(inputs=1296, width=128, blocks=2, outputs=9, generators=generators)
    mlp = BatchedMLP(
        widths=(1296, *[128] * 5, 9), activation="relu", generators=[stream(0, "init")]
    )
    for ours, theirs in zip(residual.weights, mlp.weights, strict=True):
        assert torch.equal(ours, theirs)
    assert sum(weight.numel() for weight in residual.weights) == 232_576


def test_with_its_blocks_silent_it_has_one_hidden_layer():
    silent = network(seeds=(0,))
    x = torch.randn(7, 6, generator=stream(0, "x"), dtype=torch.float64)
    with torch.no_grad():
        for weight in silent.weights[2:-1:2]:
            weight.zero_()
    expected = (x @ silent.weights[0].mT).relu() @ silent.weights[-1].mT
    torch.testing.assert_close(silent(x), expected)
