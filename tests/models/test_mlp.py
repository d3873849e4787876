"""Batched networks are plain PyTorch networks, one per seed."""

import pytest
import torch
from torch import nn

from invlib.errors import UsageError
from invlib.models.activations import ACTIVATIONS
from invlib.models.mlp import BatchedMLP
from invlib.training.seeds import stream

PLAIN = {
    "relu": nn.ReLU,
    "leaky_relu": nn.LeakyReLU,
    "swish": nn.SiLU,
    "tanh": nn.Tanh,
    "identity": nn.Identity,
}


def network(activation="relu", bias=False, widths=(6, 5, 4, 3), seeds=3):
    return BatchedMLP(
        widths=widths,
        activation=activation,
        generators=[stream(seed, "init") for seed in range(seeds)],
        bias=bias,
        dtype=torch.float64,
    )


def plain(batched: BatchedMLP, place: int) -> nn.Sequential:
    """The network of one seed, built from PyTorch's own layers."""
    layers = []
    for i, weight in enumerate(batched.weights):
        rows, columns = weight.shape[1:]
        layer = nn.Linear(columns, rows, bias=bool(len(batched.biases)), dtype=torch.float64)
        layer.weight.data = weight[place].detach().clone()
        if len(batched.biases):
            layer.bias.data = batched.biases[i][place].detach().clone()
        layers += [layer, PLAIN[batched.activation]()]
    return nn.Sequential(*layers[:-1])


@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("activation", PLAIN)
def test_each_seed_computes_what_a_plain_network_does(activation, bias):
    batched = network(activation, bias)
    x = torch.randn(3, 10, 6, generator=stream(0, "x"), dtype=torch.float64)
    for place in range(3):
        single = plain(batched, place)
        torch.testing.assert_close(batched(x)[place], single(x[place]))
        torch.testing.assert_close(batched(x[0])[place], single(x[0]))  # shared inputs


@pytest.mark.parametrize("activation", PLAIN)
def test_gradients_are_those_of_plain_networks(activation):
    batched = network(activation, bias=True)
    x = torch.randn(10, 6, generator=stream(0, "x"), dtype=torch.float64)
    batched(x).square().mean((-2, -1)).sum().backward()
    for place in range(3):
        single = plain(batched, place)
        single(x).square().mean().backward()
        for i, layer in enumerate(single[::2]):
            torch.testing.assert_close(batched.weights[i].grad[place], layer.weight.grad)
            torch.testing.assert_close(batched.biases[i].grad[place], layer.bias.grad)


@pytest.mark.parametrize("activation", PLAIN)
def test_derivatives_written_by_hand_are_autograds(activation):
    z = torch.linspace(-3, 3, 40, dtype=torch.float64).requires_grad_()
    h = ACTIVATIONS[activation].value(z)
    torch.testing.assert_close(h, PLAIN[activation]()(z))
    dh = torch.linspace(1, 2, 40, dtype=torch.float64)
    (expected,) = torch.autograd.grad(h, z, dh)
    found = ACTIVATIONS[activation].pull_back(dh.clone(), z.detach(), h.detach())
    torch.testing.assert_close(found, expected)


def test_initialization_is_pytorchs_default():
    wide = network(widths=(400, 50, 9), bias=True)
    for layer, inputs in enumerate((400, 50)):
        assert wide.weights[layer].abs().max() <= inputs**-0.5
        assert wide.biases[layer].abs().max() <= inputs**-0.5
    assert wide.weights[0].std().item() == pytest.approx((3 * 400) ** -0.5, rel=0.02)
    assert not torch.equal(wide.weights[0][0], wide.weights[0][1])


@pytest.mark.parametrize(
    ("values", "words"),
    [({"activation": "reluu"}, "Did you mean 'relu'"), ({"widths": (4,)}, r"widths is \[4\]")],
)
def test_bad_architectures_are_refused_by_name(values, words):
    with pytest.raises(UsageError, match=words):
        network(**values)
