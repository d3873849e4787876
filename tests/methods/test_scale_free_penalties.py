"""What the candidates ignore, what they do not, and what their gradients do to a linear map."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from invlib.methods.invariance_penalties import PENALTIES, squared_distance
from invlib.methods.scale_free_penalties import (
    CANDIDATES,
    HELD,
    cosine_distance,
    detached_ratio,
    orbit_teacher,
    spread,
    spread_ratio,
)

SCALE_FREE = ["ratio", "detached", "cosine", "contrast"]
OFFSET_FREE = ["ratio", "detached", "cosine", "contrast", "held"]


def pair(seed: int, n: int = 12, size: float = 1.0) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    a = size * torch.randn(2, n, 5, generator=generator, dtype=torch.float64)
    return a, a + 0.5 * size * torch.randn(2, n, 5, generator=generator, dtype=torch.float64)


@pytest.mark.parametrize("name", CANDIDATES)
def test_one_number_per_pair_zero_where_nothing_changes_and_positive_else(name):
    a, b = pair(0, size=20.0)  # far enough apart for `held`
    found = CANDIDATES[name](a, b)
    assert found.shape == (2, 12)
    assert (found > 0).all()
    assert spread(a, a).min() > HELD
    torch.testing.assert_close(CANDIDATES[name](a, a), torch.zeros_like(found), atol=1e-12, rtol=0)


def test_a_cosine_of_one_is_less_than_invariance():
    """Lengths may differ: the cosine does not see it, the ratio does."""
    a, _ = pair(1)
    a = a - a.mean(1, keepdim=True)
    assert cosine_distance(a, 2 * a).max() < 1e-12
    assert spread_ratio(a, 2 * a).min() > 0


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 1000), st.floats(0.01, 100))
def test_the_scale_of_the_logits_does_not_matter_where_that_is_claimed(seed, c):
    a, b = pair(seed)
    for name in SCALE_FREE:
        torch.testing.assert_close(CANDIDATES[name](c * a, c * b), CANDIDATES[name](a, b))
    torch.testing.assert_close(squared_distance(c * a, c * b), c**2 * squared_distance(a, b))


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 1000), st.floats(-50, 50))
def test_an_offset_common_to_all_images_does_not_matter_where_that_is_claimed(seed, c):
    a, b = pair(seed)
    offset = c * torch.arange(5.0, dtype=a.dtype)
    for name in OFFSET_FREE:
        moved = CANDIDATES[name](a + offset, b + offset)
        torch.testing.assert_close(moved, CANDIDATES[name](a, b), rtol=1e-6, atol=1e-9)


def test_an_offset_lowers_the_papers_normalized_penalty_without_any_invariance():
    a, b = pair(2)
    far = PENALTIES["l2_normalized"](a + 100, b + 100)
    assert far.max() < 0.01 * PENALTIES["l2_normalized"](a, b).mean()


def test_the_spread_is_half_the_mean_squared_distance_of_two_images():
    a, _ = pair(3)
    every = (a.unsqueeze(2) - a.unsqueeze(1)).square().sum(-1) / 2
    torch.testing.assert_close(spread(a, a)[:, 0], every.mean((1, 2)))


@pytest.mark.parametrize("name", [n for n in CANDIDATES if n not in ("detached", "teacher")])
def test_gradients_agree_with_finite_differences(name):
    a, b = (t[:1, :6].clone().requires_grad_() for t in pair(4))
    assert torch.autograd.gradcheck(CANDIDATES[name], (a, b))


def test_networks_side_by_side_do_not_mix():
    a, b = pair(5)
    for penalty in CANDIDATES.values():
        torch.testing.assert_close(penalty(a, b)[1:], penalty(a[1:], b[1:]))


# A linear map h(x) = W x


def linear(seed: int = 0):
    """W, images, their partners, A = E εεᵀ with ε = x − gx, and B, the mean covariance."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(30, 7, generator=generator, dtype=torch.float64)
    moved = x.roll(1, 1)
    W = torch.randn(3, 7, generator=generator, dtype=torch.float64, requires_grad=True)
    A = (x - moved).mT @ (x - moved) / 30
    B = (torch.cov(x.mT, correction=0) + torch.cov(moved.mT, correction=0)) / 2
    return W, x, moved, A, B


def gradient(penalty, W, x, moved):
    value = penalty((x @ W.mT)[None], (moved @ W.mT)[None]).mean()
    return torch.autograd.grad(value, W)[0]


def test_the_ratio_is_a_rayleigh_quotient_with_the_gradient_that_the_page_states():
    W, x, moved, A, B = linear()
    V = torch.trace(W @ B @ W.mT)
    R = torch.trace(W @ A @ W.mT) / 2 / V
    found = spread_ratio((x @ W.mT)[None], (moved @ W.mT)[None]).mean()
    torch.testing.assert_close(found, R)
    torch.testing.assert_close(gradient(spread_ratio, W, x, moved), (W @ A - 2 * R * W @ B) / V)


def test_detaching_the_spread_leaves_the_shrinking_half_of_that_gradient():
    W, x, moved, A, B = linear()
    V = torch.trace(W @ B @ W.mT)
    torch.testing.assert_close(gradient(detached_ratio, W, x, moved), W @ A / V)
    assert (gradient(detached_ratio, W, x, moved) * W).sum() > 0  # the flow makes ‖W‖ smaller


@pytest.mark.parametrize("name", ["ratio", "cosine", "contrast"])
def test_a_gradient_free_of_scale_neither_grows_nor_shrinks_the_map(name):
    W, x, moved, _, _ = linear(1)
    along = (gradient(CANDIDATES[name], W, x, moved) * W).sum()
    torch.testing.assert_close(along, torch.zeros_like(along), atol=1e-12, rtol=0)


def test_the_papers_normalized_penalty_is_free_of_scale_too():
    W, x, moved, _, _ = linear(2)
    along = (gradient(PENALTIES["l2_normalized"], W, x, moved) * W).sum()
    torch.testing.assert_close(along, torch.zeros_like(along), atol=1e-12, rtol=0)


def test_every_layer_of_a_relu_network_without_biases_keeps_its_norm():
    """Logits are proportional to each layer, so Euler's identity holds layer by layer."""
    generator = torch.Generator().manual_seed(0)
    sizes = [(6, 7), (6, 6), (3, 6)]
    weights = [
        torch.randn(*s, generator=generator, dtype=torch.float64, requires_grad=True) for s in sizes
    ]
    x = torch.randn(30, 7, generator=generator, dtype=torch.float64)

    def f(x):
        for W in weights[:-1]:
            x = (x @ W.mT).relu()
        return (x @ weights[-1].mT)[None]

    value = spread_ratio(f(x), f(x.roll(1, 1))).mean()
    for W, g in zip(weights, torch.autograd.grad(value, weights), strict=True):
        assert g.norm() > 1e-6
        assert abs((W * g).sum()) < 1e-12


def test_a_teacher_without_gradient_does_not_change_the_squared_penalty():
    """With m = (a + b)/2 detached the gradient is half that of ½‖a − b‖², whatever the model."""
    a, b = (t.requires_grad_() for t in pair(6))
    m = ((a + b) / 2).detach()
    taught = ((a - m).square() + (b - m).square()).sum() / 2
    plain = squared_distance(a, b).sum()
    for one, other in zip(
        torch.autograd.grad(taught, (a, b)), torch.autograd.grad(plain, (a, b)), strict=True
    ):
        torch.testing.assert_close(one, other / 2)


def test_the_teachers_gradient_is_bounded_however_large_the_logits():
    """It moves probabilities: at most 1/2 for each logit of each member."""
    a, b = (t.requires_grad_() for t in pair(7, size=1000.0))
    for found in torch.autograd.grad(orbit_teacher(a, b).sum(), (a, b)):
        assert 0 < found.abs().max() <= 0.5
