"""Integrated gradients against their axioms and against numerical integration."""

import pytest
import torch
from torch import nn

from invlib.errors import UsageError
from invlib.saliency import integrated_gradients


def network(seed: int, *, bias: bool = True, activation=nn.Tanh) -> nn.Sequential:
    generator = torch.Generator().manual_seed(seed)
    model = nn.Sequential(
        nn.Linear(9, 8, bias=bias), activation(), nn.Linear(8, 4, bias=bias)
    ).double()
    for parameter in model.parameters():
        parameter.data = torch.randn(parameter.shape, generator=generator, dtype=torch.float64) / 2
    return model


def images(n: int) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    x = torch.randn(n, 9, generator=generator, dtype=torch.float64)
    return x, torch.randint(4, (n,), generator=generator)


def test_completeness():
    """The attributions sum to f_y(x) − f_y(0), the better the more steps."""
    model, (x, y) = network(0), images(20)
    difference = (model(x) - model(torch.zeros(1, 9).double())).detach()
    difference = difference[torch.arange(20), y]
    errors = [
        (integrated_gradients(model, x, y, steps=steps).sum(-1) - difference).abs().max()
        for steps in (8, 32, 128)
    ]
    assert errors[1] < 2e-3
    # the midpoint rule: four times the steps, a sixteenth of the error
    assert errors[0] / errors[1] == pytest.approx(16, rel=0.2)
    assert errors[1] / errors[2] == pytest.approx(16, rel=0.2)


def test_a_linear_model_is_attributed_exactly():
    """For f(x) = W x the attribution of a pixel is its term w_y,i x_i, signs included."""
    W = torch.randn(4, 9, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    x, y = images(7)
    for steps in (1, 32):
        found = integrated_gradients(lambda z: z @ W.mT, x, y, steps=steps)
        torch.testing.assert_close(found, W[y] * x)


def test_against_a_plain_loop():
    model, (x, y) = network(3), images(5)
    expected = torch.zeros_like(x)
    for i in range(5):
        for step in range(32):
            z = ((step + 0.5) / 32 * x[i]).requires_grad_()
            model(z)[y[i]].backward()
            expected[i] += x[i] * z.grad / 32
    torch.testing.assert_close(integrated_gradients(model, x, y), expected)


def test_one_step_is_enough_without_biases():
    """A ReLU network without biases has one gradient on the whole way from the black image."""
    model, (x, y) = network(4, bias=False, activation=nn.ReLU), images(6)
    torch.testing.assert_close(
        integrated_gradients(model, x, y, steps=1), integrated_gradients(model, x, y, steps=32)
    )


def test_leaves_the_model_and_the_images_alone():
    model, (x, y) = network(5), images(3)
    with torch.no_grad():
        found = integrated_gradients(model, x, y)
    assert all(parameter.grad is None for parameter in model.parameters())
    assert not found.requires_grad
    assert not x.requires_grad
    assert found.abs().sum() > 0


X, Y = torch.zeros(2, 9), torch.tensor([0, 3])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"y": torch.tensor([0, 4])}, "from 0 to 4; the model has 4"),
        ({"y": torch.tensor([-1, 0])}, "from -1 to 0"),
        ({"y": torch.tensor([0])}, r"y has shape \[1\]; 2 images"),
        ({"y": torch.tensor([0.0, 1.0])}, "y is torch.float32"),
        ({"y": [0, 1]}, "y is list"),
        ({"x": X.long()}, "x is torch.int64"),
        ({"x": X[0]}, r"x is torch.float32 \[9\]"),
        ({"x": X[:0], "y": Y[:0]}, "n ≥ 1"),
        ({"x": X.numpy()}, "x is ndarray"),
        ({"steps": 0}, "steps is 0"),
        ({"steps": 1.5}, "steps is 1.5"),
        ({"model": lambda z: z.detach()}, "no gradient"),
        ({"model": lambda z: z.sum()}, "the model gives \\[\\]"),
        ({"model": lambda z: (z, z)}, "the model gives tuple"),
        ({"model": lambda z: z[:1]}, r"the model gives \[1, 9\] for 2 images"),
    ],
)
def test_refusals(change, says):
    arguments = {"model": lambda z: z[:, :4], "x": X, "y": Y} | change
    with pytest.raises(UsageError, match=says):
        integrated_gradients(**arguments)
