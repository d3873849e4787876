"""Attacks: the exact worst case where there is one, the box kept, no failure from saturation."""

import itertools

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.functional import cross_entropy

from invlib.errors import UsageError
from invlib.saliency.adversarial import fgsm, pgd, shortfall


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def problem(classes: int, pixels: int = 4, n: int = 6):
    """A linear model in float64, images away from the border, and labels."""
    W = torch.randn(classes, pixels, generator=rng(1), dtype=torch.float64)
    x = 0.3 + 0.4 * torch.rand(n, pixels, generator=rng(2), dtype=torch.float64)
    return W, x, torch.arange(n) % classes


def test_fgsm_on_a_linear_model_of_two_classes_is_the_worst_corner_of_the_box():
    W, x, y = problem(2)
    found = cross_entropy(fgsm(lambda p: p @ W.T, x, y, 0.1) @ W.T, y, reduction="none")
    corners = torch.tensor(list(itertools.product((-0.1, 0.1), repeat=4)), dtype=x.dtype)
    everywhere = ((x[:, None] + corners) @ W.T).flatten(0, 1)
    losses = cross_entropy(everywhere, y.repeat_interleave(16), reduction="none").view(-1, 16)
    torch.testing.assert_close(found, losses.amax(1))


def test_pgd_reaches_the_worst_case_of_a_linear_model_too():
    W, x, y = problem(2)
    found = pgd(lambda p: p @ W.T, x, y, 0.1, generator=rng())
    torch.testing.assert_close(found, fgsm(lambda p: p @ W.T, x, y, 0.1))


def test_the_sign_is_that_of_the_gradient_of_the_cross_entropy():
    W, x, y = problem(5)
    x = x.requires_grad_()
    (gradient,) = torch.autograd.grad(cross_entropy(torch.tanh(x) @ W.T, y), x)
    moved = fgsm(lambda p: torch.tanh(p) @ W.T, x.detach(), y, 0.01)
    torch.testing.assert_close((moved - x).sign(), gradient.sign())


def test_the_cross_entropy_is_the_softplus_of_what_is_climbed():
    logits = torch.randn(30, 5, generator=rng(), dtype=torch.float64)
    y = torch.arange(30) % 5
    wanted = cross_entropy(logits, y, reduction="none")
    torch.testing.assert_close(torch.nn.functional.softplus(shortfall(logits, y)), wanted)


def test_a_network_that_is_sure_of_itself_is_attacked_all_the_same():
    """Its cross-entropy is 0 in float32, and so is its gradient; the attack is the worst case."""
    W, x, _ = problem(2)
    W, x = (1e4 * W).float(), x.float()
    right = (x @ W.T).argmax(1)
    assert float(cross_entropy(x @ W.T, right, reduction="none").max()) == 0
    moved = fgsm(lambda p: p @ W.T, x, right, 0.1)
    worst = x + 0.1 * (W[1 - right] - W[right]).sign()
    torch.testing.assert_close(moved, worst)


@settings(deadline=None, max_examples=20)
@given(radius=st.floats(0, 1), steps=st.integers(1, 4), seed=st.integers(0, 50))
def test_both_stay_in_their_box_and_in_the_range(radius, steps, seed):
    W, _, y = problem(3)
    x = torch.rand(6, 4, generator=rng(seed), dtype=torch.float64)

    def model(p):
        return torch.sin(5 * p) @ W.T

    for found in (
        fgsm(model, x, y, radius),
        pgd(model, x, y, radius, steps=steps, generator=rng()),
    ):
        assert float((found - x).abs().max()) <= radius + 1e-12
        assert 0 <= float(found.min()) <= float(found.max()) <= 1


def test_radius_zero_changes_nothing_and_the_generator_decides():
    W, x, y = problem(3)

    def model(p):
        return torch.sin(5 * p) @ W.T

    assert torch.equal(fgsm(model, x, y, 0.0), x)
    assert torch.equal(pgd(model, x, y, 0.0, generator=rng()), x)
    one, two, other = (pgd(model, x, y, 0.2, steps=2, generator=rng(s)) for s in (0, 0, 1))
    assert torch.equal(one, two)
    assert not torch.equal(one, other)


def test_steps_find_at_least_what_one_finds_on_a_curved_loss():
    W, x, y = problem(3, n=60)

    def model(p):
        return torch.sin(5 * p) @ W.T

    one = shortfall(model(fgsm(model, x, y, 0.2)), y).mean()
    many = shortfall(model(pgd(model, x, y, 0.2, steps=20, generator=rng())), y).mean()
    assert many > one


@pytest.mark.parametrize("attack", [fgsm, lambda *a: pgd(*a, generator=rng())])
@pytest.mark.parametrize(
    ("radius", "y", "words"),
    [
        (-0.1, torch.tensor([0]), "radius is -0.1"),
        (float("nan"), torch.tensor([0]), "radius is nan"),
        (0.1, torch.tensor([0, 1]), r"y has shape \[2\]"),
        (0.1, torch.tensor([0.5]), "class numbers"),
    ],
)
def test_bad_input_is_refused_by_name(attack, radius, y, words):
    with pytest.raises(UsageError, match=words):
        attack(lambda p: p @ torch.ones(4, 2), torch.full((1, 4), 0.5), y, radius)


def test_no_steps_are_refused():
    with pytest.raises(UsageError, match="steps is 0"):
        pgd(lambda p: p, torch.rand(1, 4), torch.tensor([0]), 0.1, steps=0, generator=rng())
