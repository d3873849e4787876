"""Responses along directions against finite differences, and what bounds them."""

import pytest
import torch
from torch import nn

from invlib.errors import UsageError
from invlib.metrics import jacobian_norm
from invlib.metrics.jacobian_directions import jacobian, responses


def normal(seed: int, *shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def network() -> nn.Sequential:
    model = nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 3)).double()
    for seed, parameter in enumerate(model.parameters()):
        parameter.data = normal(seed, *parameter.shape)
    return model


def test_finite_differences():
    model, x, d, step = network(), normal(9, 5, 6), normal(10, 5, 6), 1e-5
    expected = (model(x + step * d) - model(x - step * d)).norm(dim=1) / (2 * step * d.norm(dim=1))
    found = responses(jacobian(model, x, batch=2), {"d": d})["d"]
    torch.testing.assert_close(found, expected.detach(), rtol=1e-8, atol=0)


def test_none_exceeds_the_largest_singular_value_and_units_make_up_the_frobenius_norm():
    model, x = network(), normal(9, 5, 6)
    J = jacobian(model, x)
    units = {str(k): torch.eye(6, dtype=torch.float64)[k].expand(5, 6) for k in range(6)}
    found = torch.stack(list(responses(J, units).values()))
    assert (found <= jacobian_norm(model, x) * (1 + 1e-12)).all()
    torch.testing.assert_close(found.square().sum(0).sqrt(), torch.linalg.matrix_norm(J))


def test_refusals():
    J = jacobian(network(), normal(9, 5, 6))
    with pytest.raises(UsageError, match=r"directions a have shape \[5, 3\]"):
        responses(J, {"a": normal(0, 5, 3)})
    with pytest.raises(UsageError, match="5 of the directions still are zero"):
        responses(J, {"still": torch.zeros(5, 6).double()})
