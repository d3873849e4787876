"""Training in function space is training on the images: same losses, gradients, paths."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from invlib.closed_form import augmented_optimum, constrained_optimum, regularized_optimum
from invlib.groups import flips, rotations, translations
from invlib.methods.ways import LOSSES, Augmented, Constrained, Regularized, method
from invlib.models.two_layer import TwoLayerLinear
from invlib.training.full_batch import train_full_batch
from invlib.training.seeds import stream

GROUPS = {
    "turns": rotations(4),
    "half turns": rotations(4, order=2),
    "shifts": translations(6, order=3),
    "flips": flips(4),
}
WAYS = [Constrained(), Augmented(), Regularized(0.3)]


def problem(group, seeds=2, n=30, classes=3, seed=0, loss="mse"):
    generator = torch.Generator().manual_seed(seed)
    X = torch.randn(seeds, n, group.pixels, generator=generator, dtype=torch.float64)
    Y = torch.randn(seeds, n, classes, generator=generator, dtype=torch.float64)
    return X, Y if loss == "mse" else nn.functional.one_hot(Y.argmax(-1), classes).double()


def loss_on_images(loss, way, W, X, Y, group):
    """The objective as the paper writes it, on the images themselves, for one seed."""
    error = {"mse": nn.MSELoss(), "cross_entropy": nn.CrossEntropyLoss()}[loss]
    if isinstance(way, Augmented):
        turned = torch.cat([group.act(X, k) for k in range(group.order)])
        return error(turned @ W.T, Y.repeat(group.order, 1))
    if isinstance(way, Constrained):
        return error(group.orbit(X).mean(-2) @ W.T, Y)
    return error(X @ W.T, Y) + way.strength * (W @ group.constraint()).square().sum()


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("way", WAYS, ids=lambda way: type(way).__name__)
@pytest.mark.parametrize("group", GROUPS.values(), ids=GROUPS.keys())
def test_value_and_gradient_are_those_on_the_images(loss, way, group):
    X, Y = problem(group, loss=loss)
    objective = way.objective(LOSSES[loss], X, Y, group)
    generator = torch.Generator().manual_seed(1)
    W = torch.randn(2, 3, way.inputs(group), generator=generator, dtype=torch.float64)
    for i in range(len(X)):
        in_pixels = way.in_pixels(W, group)[i].clone().requires_grad_()
        value = loss_on_images(loss, way, in_pixels, X[i], Y[i], group)
        (gradient,) = torch.autograd.grad(value, in_pixels)
        torch.testing.assert_close(objective.value(W)[i], value.detach())
        if not isinstance(way, Constrained):
            torch.testing.assert_close(objective.gradient(W)[i], gradient)


@given(
    st.integers(0, 10_000),
    st.sampled_from(WAYS),
    st.sampled_from(list(GROUPS.values())),
    st.sampled_from(list(LOSSES)),
)
@settings(max_examples=40, deadline=None)
def test_the_gradient_is_that_of_the_value(seed, way, group, loss):
    X, Y = problem(group, seed=seed, n=8, loss=loss)
    objective = way.objective(LOSSES[loss], X, Y, group)
    generator = torch.Generator().manual_seed(seed + 1)
    W = torch.randn(2, 3, way.inputs(group), generator=generator, dtype=torch.float64)
    direction = torch.randn(W.shape, generator=generator, dtype=torch.float64)
    step = 1e-5
    slope = (objective.value(W + step * direction) - objective.value(W - step * direction)) / (
        2 * step
    )
    expected = (objective.gradient(W) * direction).sum((-2, -1))
    torch.testing.assert_close(slope, expected, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: type(way).__name__)
def test_the_pixel_form_of_a_map_and_back(way):
    group = GROUPS["turns"]
    W = torch.randn(2, 3, way.inputs(group), dtype=torch.float64, generator=stream(0, "W"))
    torch.testing.assert_close(way.from_pixels(way.in_pixels(W, group), group), W)


def trained(way, X, Y, group, seeds, epochs=200, rate=0.01):
    network = TwoLayerLinear(
        inputs=way.inputs(group), hidden=2, outputs=3, generators=[stream(s, "i") for s in seeds]
    )
    losses = []
    train_full_batch(
        network,
        way.objective(LOSSES["mse"], X, Y, group),
        epochs=epochs,
        learning_rate=rate,
        observe_every=50,
        observe=lambda epoch, W, loss: losses.append(loss),
    )
    return network, torch.stack(losses)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: type(way).__name__)
def test_training_follows_the_path_of_a_plain_loop_on_images(way):
    group = GROUPS["turns"]
    X, Y = problem(group, seeds=1)
    network, losses = trained(way, X, Y, group, [7])
    plain = TwoLayerLinear(
        inputs=way.inputs(group), hidden=2, outputs=3, generators=[stream(7, "i")]
    )
    optimizer = torch.optim.Adam(plain.parameters(), lr=0.01)
    for _ in range(200):
        optimizer.zero_grad()
        W = way.in_pixels(plain.matrix(), group)[0]
        loss = loss_on_images("mse", way, W, X[0], Y[0], group)
        loss.backward()
        optimizer.step()
    torch.testing.assert_close(network.matrix(), plain.matrix(), rtol=1e-6, atol=1e-8)
    assert losses[-1] < losses[0]


def test_seeds_trained_together_do_not_touch_each_other():
    group, way = GROUPS["turns"], Augmented()
    X, Y = problem(group, seeds=3)
    together, _ = trained(way, X, Y, group, [1, 2, 3])
    alone, _ = trained(way, X[1:2], Y[1:2], group, [2])
    torch.testing.assert_close(together.matrix()[1:2], alone.matrix(), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", ["constrained", "augmented", "regularized"])
def test_training_ends_at_the_closed_form(name):
    group = GROUPS["turns"]
    way = method(name, 0.3)
    X, Y = problem(group, seeds=1, n=200)
    network, _ = trained(way, X, Y, group, [3], epochs=6000, rate=0.01)
    optimum = {
        "constrained": lambda: constrained_optimum(X[0], Y[0], group, 2),
        "augmented": lambda: augmented_optimum(X[0], Y[0], group, 2),
        "regularized": lambda: regularized_optimum(X[0], Y[0], group, 2, 0.3 * 3),
    }[name]()
    found = way.in_pixels(network.matrix().detach(), group)[0]
    torch.testing.assert_close(found, optimum, rtol=1e-3, atol=1e-4)
