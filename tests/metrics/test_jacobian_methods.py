"""Forward mode and power iteration against reverse mode, and which of them is taken."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from invlib.errors import InvlibError, UsageError
from invlib.metrics import jacobian, jacobian_norm


def normal(seed: int, *shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def network(pixels: int, classes: int) -> nn.Sequential:
    model = nn.Sequential(
        nn.Linear(pixels, 16), nn.ReLU(), nn.Linear(16, 16), nn.Tanh(), nn.Linear(16, classes)
    ).double()
    for seed, parameter in enumerate(model.parameters()):
        parameter.data = normal(seed, *parameter.shape) / 4
    return model


@pytest.mark.parametrize(("pixels", "classes"), [(9, 5), (4, 7), (6, 1), (1, 6)])
@pytest.mark.parametrize("method", ["exact", "forward", "reverse"])
def test_exact_methods_agree(pixels, classes, method):
    model, x = network(pixels, classes), normal(9, 6, pixels)
    J = torch.func.vmap(torch.func.jacrev(lambda one: model(one[None])[0]))(x)
    expected = torch.linalg.matrix_norm(J, 2).detach()
    found = jacobian_norm(model, x, method=method, batch=4)
    torch.testing.assert_close(found, expected, rtol=1e-10, atol=0)


@settings(max_examples=10, deadline=None)
@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 1000))
def test_power_iteration_comes_from_below_within_its_tolerance(pixels, classes, seed):
    W = normal(seed, classes, pixels)
    exact = torch.linalg.svdvals(W)[0]
    found = jacobian_norm(
        lambda x: x @ W.mT, normal(1, 2, pixels), method="power", tolerance=1e-6, iterations=100_000
    )
    assert (found <= exact * (1 + 1e-12)).all()
    # the residual bounds the distance of the square from an eigenvalue, and half of it the root's
    torch.testing.assert_close(found, exact.expand(2), rtol=1e-6, atol=0)


def test_power_iteration_on_a_network():
    model, x = network(9, 5), normal(9, 6, 9)
    exact = jacobian_norm(model, x)
    found = jacobian_norm(model, x, method="power", tolerance=1e-7, iterations=5000, batch=4)
    assert not found.requires_grad
    torch.testing.assert_close(found, exact, rtol=1e-7, atol=0)
    assert all(parameter.grad is None for parameter in model.parameters())


def test_the_cheaper_mode_is_taken(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("reverse mode with more classes than pixels")

    monkeypatch.setattr(jacobian, "jacobian_norm", refuse)
    assert jacobian_norm(network(4, 7), normal(0, 2, 4)).shape == (2,)
    with pytest.raises(AssertionError):
        jacobian_norm(network(7, 4), normal(0, 2, 7))


@pytest.mark.parametrize("method", ["forward", "reverse", "power"])
def test_a_model_that_ignores_its_input_and_one_that_detaches(method):
    constant = nn.Linear(9, 3).double()
    constant.weight.data.zero_()
    assert jacobian_norm(constant, normal(0, 2, 9), method=method).tolist() == [0, 0]
    with pytest.raises(UsageError, match="no gradient"):
        jacobian_norm(lambda x: x.detach(), normal(0, 2, 9), method=method)


@pytest.mark.parametrize("method", ["forward", "power"])
def test_no_nan_comes_back(method):
    with pytest.raises(InvlibError, match="jacobian_norm is not finite"):
        jacobian_norm(lambda x: x.sqrt(), torch.tensor([[1.0, 0.0]]), method=method)


def test_two_equal_singular_values_do_not_hold_it_up_but_two_close_ones_do():
    x = normal(0, 1, 2)
    one = jacobian_norm(lambda x: 3 * x, x, method="power", tolerance=1e-12, iterations=1)
    torch.testing.assert_close(one, torch.tensor([3.0], dtype=torch.float64))
    close = torch.tensor([1.0, 0.99], dtype=torch.float64)
    with pytest.raises(InvlibError, match="not settled for 1 of 1 images after 3"):
        jacobian_norm(lambda x: x * close, x, method="power", iterations=3)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"method": "pwoer"}, "unknown value 'pwoer' for method. Did you mean 'power'"),
        ({"tolerance": 0.0}, "tolerance is 0.0"),
        ({"tolerance": float("nan")}, "tolerance is nan"),
        ({"iterations": 0}, "iterations is 0"),
        ({"iterations": 2.5}, "iterations is 2.5"),
        ({"batch": 0, "method": "power"}, "batch is 0"),
    ],
)
def test_refusals_by_name(options, words):
    with pytest.raises(UsageError, match=words):
        jacobian_norm(lambda x: x, torch.ones(2, 3), **options)
