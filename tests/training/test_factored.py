"""Descent ends in the minimum, settling in any critical point, alone as in a batch."""

import torch

from invlib.training.factored import descend, gradient_norm, settle


def normal(seed: int, *shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


Z = torch.diag(torch.tensor([1.0, 0.7, 0.4], dtype=torch.float64))[:, :3]
Z = torch.cat([Z, torch.zeros(3, 1, dtype=torch.float64)], 1)
RANDOM = (normal(0, 20, 3, 2) / 3, normal(1, 20, 2, 4) / 3)
BEST = Z.clone().index_fill_(0, torch.tensor([2]), 0)


def test_descent_from_random_starts_finds_the_best_map():
    second, first = descend(Z.expand(20, -1, -1), RANDOM, step=0.3, steps=3000)
    torch.testing.assert_close(second @ first, BEST.expand(20, -1, -1), rtol=0, atol=1e-7)


def test_descent_steps_are_those_of_autograd():
    target = Z.expand(20, -1, -1)
    second, first = (layer.clone().requires_grad_() for layer in RANDOM)
    for _ in range(100):
        loss = 0.5 * (second @ first - target).square().sum()
        down = torch.autograd.grad(loss, (second, first))
        second, first = (
            (layer - 0.3 * own).detach().requires_grad_()
            for layer, own in zip((second, first), down, strict=True)
        )
    found = descend(target, RANDOM, step=0.3, steps=100)
    torch.testing.assert_close(found[0], second.detach())
    torch.testing.assert_close(found[1], first.detach())


def test_settling_beside_a_saddle_stays_there_and_descent_leaves():
    saddle = Z.clone().index_fill_(0, torch.tensor([0]), 0)
    second = torch.zeros(1, 3, 2, dtype=torch.float64)
    second[0, 1, 0] = second[0, 2, 1] = 1
    first = second[0].mT @ saddle
    beside = (second + 1e-3 * normal(2, 1, 3, 2), first + 1e-3 * normal(3, 1, 2, 4))
    settled = settle(Z.unsqueeze(0), beside, steps=40)
    assert gradient_norm(Z.unsqueeze(0), settled) < 1e-9
    torch.testing.assert_close(settled[0] @ settled[1], saddle.unsqueeze(0), rtol=0, atol=1e-8)
    left = descend(Z.unsqueeze(0), beside, step=0.3, steps=3000)
    torch.testing.assert_close(left[0] @ left[1], BEST.unsqueeze(0), rtol=0, atol=1e-7)


def test_settling_never_raises_the_gradient_and_keeps_its_input():
    target = Z.expand(20, -1, -1)
    before = [layer.clone() for layer in RANDOM]
    after = settle(target, RANDOM, steps=5)
    assert (gradient_norm(target, after) <= gradient_norm(target, RANDOM)).all()
    assert all(torch.equal(a, b) for a, b in zip(before, RANDOM, strict=True))
