"""Wide ReLU networks: gradients and tangent kernels against autograd, training step by step."""

import torch
from torch import Tensor

from invlib.closed_form.relu_ntk import relu_ntk
from invlib.groups import rotations
from invlib.models.wide_relu import WideReLU
from invlib.training.seeds import stream
from invlib.training.wide_relu import train_on_orbits

GROUP = rotations(3)


def network(hidden: int = 10, outputs: int = 2) -> WideReLU:
    generators = [stream(seed, "init") for seed in (0, 1)]
    return WideReLU(inputs=9, hidden=hidden, outputs=outputs, generators=generators)


def normal(seed: int, *shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def with_autograd(net: WideReLU) -> tuple[Tensor, Tensor]:
    net.first, net.second = (w.clone().requires_grad_() for w in (net.first, net.second))
    return net.first, net.second


def test_gradients_are_those_of_autograd():
    net, X, pull = network(), normal(0, 2, 5, 9), normal(1, 2, 5, 2)
    found = net.gradients(X, pull)
    weights = with_autograd(net)
    wanted = torch.autograd.grad((net.output(X) * pull).sum(), weights)
    torch.testing.assert_close(found, wanted)


def test_the_tangent_kernel_is_a_product_of_gradients():
    net, X = network(), normal(0, 2, 3, 9)
    found = net.tangent_kernel(X)
    weights = with_autograd(net)
    rows = [
        torch.cat(
            [g.flatten(1) for g in torch.autograd.grad(f.sum(), weights, retain_graph=True)], 1
        )
        for f in net.output(X)[:, :, 0].unbind(1)
    ]
    J = torch.stack(rows, 1)
    torch.testing.assert_close(found, J @ J.mT)


def test_the_tangent_kernel_tends_to_the_closed_form():
    X = normal(0, 6, 9)
    exact = relu_ntk(X, X)
    small, large = (
        (network(hidden, 1).tangent_kernel(X.expand(2, -1, -1)) - exact).norm() / exact.norm()
        for hidden in (200, 80_000)
    )
    assert large < 0.02 < small


def by_autograd(X: Tensor, Y: Tensor, rate: float, steps: int, averaged: bool) -> Tensor:
    """The same training with the loss written out, on one seed after another."""
    net = network()
    start = net.output(GROUP.orbit(X).flatten(1, 2)).detach()
    for _ in range(steps):
        weights = with_autograd(net)
        f = (net.output(GROUP.orbit(X).flatten(1, 2)) - start).unflatten(1, (-1, 4))
        if averaged:
            f = f.mean(2, keepdim=True)
        loss = (f - Y.unsqueeze(2)).square().sum(-1).mean((1, 2)).sum() / 2
        first, second = torch.autograd.grad(loss, weights)
        net.first = (net.first - rate * first).detach()
        net.second = (net.second - rate * second).detach()
    return net(X).detach()


def test_training_on_orbits_is_gradient_descent_on_the_written_loss():
    X, Y = normal(0, 2, 4, 9), normal(1, 2, 4, 2)
    for averaged in (False, True):
        net = network()
        assert not net(X).any()  # predictions start at zero
        rate = torch.full((2,), 0.1, dtype=torch.float64)
        train_on_orbits(net, GROUP.orbit(X), Y, rate=rate, steps=5, averaged=averaged)
        torch.testing.assert_close(net(X), by_autograd(X, Y, 0.1, 5, averaged))


def test_one_network_gives_no_other_its_rate():
    X, Y = normal(0, 2, 4, 9), normal(1, 2, 4, 2)
    predictions = []
    for other in (0.0, 0.3):
        net = network()
        rate = torch.tensor([0.1, other], dtype=torch.float64)
        train_on_orbits(net, GROUP.orbit(X), Y, rate=rate, steps=3, averaged=False)
        predictions.append(net(X)[0])
    torch.testing.assert_close(*predictions)
