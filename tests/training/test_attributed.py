"""Steps in parts add up to the steps of torch, and each part is what it should be."""

import pytest
import torch

from invlib.training.attributed import Adam, GradientDescent
from invlib.training.seeds import stream


def gradients(steps=30):
    draws = torch.randn(steps, 2, 3, 4, generator=stream(0, "g"), dtype=torch.float64)
    return [tuple(pair) for pair in draws]


@pytest.mark.parametrize(
    ("ours", "theirs"), [(GradientDescent, torch.optim.SGD), (Adam, torch.optim.Adam)]
)
def test_the_parts_add_up_to_the_step_of_torch(ours, theirs):
    weight = torch.zeros(3, 4, dtype=torch.float64, requires_grad=True)
    optimizer, rule = theirs([weight], lr=0.01), ours(0.01)
    total = torch.zeros(3, 4, dtype=torch.float64)
    for parts in gradients():
        weight.grad = sum(parts)
        optimizer.step()
        total += sum(rule.step(parts))
        torch.testing.assert_close(total, weight.detach(), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("rule", [GradientDescent(0.1), Adam(0.1)], ids=["descent", "adam"])
def test_a_part_without_gradient_is_responsible_for_nothing(rule):
    for first, _ in gradients(5):
        steps = rule.step([first, torch.zeros_like(first)])
        assert steps[0].abs().min() > 0
        assert steps[1].abs().max() == 0


def test_shared_squares_make_the_step_commute_with_the_average():
    def average(x):
        return x.mean(-1, keepdim=True).expand(x.shape)

    shared, plain = Adam(0.1, share=average), Adam(0.1)
    constant = average(torch.randn(3, 4, generator=stream(1, "g"), dtype=torch.float64))
    for _, other in gradients(5):
        step, leaking = (rule.step([constant, other])[0] for rule in (shared, plain))
    torch.testing.assert_close(step, average(step))
    assert (leaking - average(leaking)).abs().max() > 1e-3
