"""Stochastic descent on the invariance error: its step, its bounds, and what Adam does instead."""

import pytest
import torch

from invlib.closed_form.invariance_flow import invariance_flow, orbit_differences
from invlib.closed_form.stochastic_steps import safe_rate
from invlib.groups import flips, rotations
from invlib.training.invariance_descent import largest_rise, singular_values_on_the_way


def normal(seed: int, *shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def sgd(rate: float):
    return lambda parameters: torch.optim.SGD(parameters, lr=rate)


def test_a_step_is_that_of_autograd():
    """With one image and a group of two there is nothing to draw."""
    W, x, group = normal(0, 3, 4), normal(1, 1, 4), flips(2)
    at = W.clone().requires_grad_()
    ((at @ (x - group.act(x, 1)).mT).square().sum() / 2).backward()
    after, values = singular_values_on_the_way(W, x, group, sgd(0.1), 1, torch.Generator())
    torch.testing.assert_close(after, W - 0.1 * at.grad)
    torch.testing.assert_close(values[0], torch.linalg.svdvals(W))
    torch.testing.assert_close(values[1], torch.linalg.svdvals(after))


@pytest.mark.parametrize("batch", [1, 5])
def test_it_goes_where_the_flow_goes_and_never_up_below_the_bound(batch):
    W, x, group = normal(0, 3, 16), normal(1, 20, 16), rotations(4)
    eps = orbit_differences(x, group)
    generator = torch.Generator().manual_seed(0)
    after, values = singular_values_on_the_way(
        W, x, group, sgd(safe_rate(eps) / 2), 3000, generator, batch
    )
    assert largest_rise(values) <= 1e-12
    torch.testing.assert_close(after, invariance_flow(eps).limit(W), rtol=0, atol=1e-3)


def test_far_above_the_bound_singular_values_rise():
    W, x, group = normal(0, 3, 16), normal(1, 20, 16), rotations(4)
    rate = 5 * safe_rate(orbit_differences(x, group))
    _, values = singular_values_on_the_way(W, x, group, sgd(rate), 20, torch.Generator())
    assert largest_rise(values) > 0.1


def test_adam_can_raise_the_largest_one_on_its_very_first_step():
    """The gradient shrinks W; a step by the gradient's signs, Adam's first, does not."""
    x, group = torch.tensor([[0.5, -0.5, -1.0, 1.0]]).double(), flips(2)  # ε = (1, -1, -2, 2)
    W = torch.tensor([[1.0, 0.0, 0.6, 0.0]]).double()
    first = {}
    for name, rule in (("adam", torch.optim.Adam), ("sgd", torch.optim.SGD)):
        _, first[name] = singular_values_on_the_way(
            W, x, group, lambda p, rule=rule: rule(p, lr=0.001), 1, torch.Generator()
        )
    assert first["sgd"][1] < first["sgd"][0]
    assert first["adam"][1] > first["adam"][0]
