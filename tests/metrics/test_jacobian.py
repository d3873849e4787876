"""The largest singular value of the Jacobian, against the map itself and finite differences."""

import pytest
import torch
from torch import nn

from invlib.errors import InvlibError, UsageError
from invlib.metrics import jacobian_norm


def normal(seed: int, *shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def network() -> nn.Sequential:
    model = nn.Sequential(nn.Linear(9, 16), nn.Tanh(), nn.Linear(16, 5)).double()
    for seed, parameter in enumerate(model.parameters()):
        parameter.data = normal(seed, *parameter.shape)
    return model


@pytest.mark.parametrize(("classes", "pixels"), [(5, 9), (9, 4), (1, 6), (3, 3)])
def test_a_linear_model(classes, pixels):
    W = normal(0, classes, pixels)
    found = jacobian_norm(lambda x: x @ W.mT, normal(1, 7, pixels))
    torch.testing.assert_close(found, torch.linalg.svdvals(W)[0].expand(7), rtol=1e-13, atol=0)


def test_finite_differences():
    model, x, step = network(), normal(9, 6, 9), 1e-5
    columns = [
        (model(x + step * unit) - model(x - step * unit)) / (2 * step)
        for unit in torch.eye(9, dtype=torch.float64)
    ]
    J = torch.stack(columns, -1).detach()
    torch.testing.assert_close(
        jacobian_norm(model, x), torch.linalg.matrix_norm(J, 2), rtol=1e-8, atol=0
    )


@pytest.mark.parametrize("batch", [1, 4, 6, 100])
def test_the_batch_size_does_not_matter(batch):
    model, x = network(), normal(9, 6, 9)
    torch.testing.assert_close(jacobian_norm(model, x, batch=batch), jacobian_norm(model, x))


def test_leaves_the_model_alone_and_works_without_gradients():
    model, x = network().float(), normal(9, 6, 9).float()
    with torch.no_grad():
        found = jacobian_norm(model, x)
    assert found.shape == (6,)
    assert found.dtype == torch.float32
    assert not found.requires_grad
    assert all(parameter.grad is None for parameter in model.parameters())


def test_a_model_that_ignores_its_input():
    """Its Jacobian is zero; one that autograd cannot follow is refused instead."""
    constant = nn.Linear(9, 3).double()
    constant.weight.data.zero_()
    assert jacobian_norm(constant, normal(0, 2, 9)).tolist() == [0, 0]
    bias = nn.Parameter(torch.zeros(2, 3))
    assert jacobian_norm(lambda x: bias[: len(x)] + 0, normal(0, 2, 9)).tolist() == [0, 0]
    with pytest.raises(UsageError, match="no gradient"):
        jacobian_norm(lambda x: x.detach(), normal(0, 2, 9))


def test_no_nan_comes_back():
    with pytest.raises(InvlibError, match="jacobian_norm is not finite"):
        jacobian_norm(lambda x: x.sqrt(), torch.tensor([[1.0, 0.0]]))


def test_refusals():
    with pytest.raises(UsageError, match=r"x is torch\.int64"):
        jacobian_norm(lambda x: x, torch.zeros(2, 9).long())
    with pytest.raises(UsageError, match="batch is -1"):
        jacobian_norm(lambda x: x, torch.zeros(2, 9), batch=-1)
