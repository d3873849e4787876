"""Three bounds on the step of stochastic descent, each tried just below and just above."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from invlib.closed_form.invariance_flow import second_moment
from invlib.closed_form.stochastic_steps import (
    safe_rate,
    safe_rate_of_full_batch,
    safe_rate_on_average,
)
from invlib.errors import UsageError


def normal(seed: int, *shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 10))
def test_each_allows_more_than_the_one_before(seed, n):
    eps = normal(seed, n, 4)
    rates = [safe_rate(eps), safe_rate_on_average(eps), safe_rate_of_full_batch(eps)]
    assert rates[0] <= rates[1] * (1 + 1e-9)
    assert rates[1] <= rates[2] * (1 + 1e-9)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 4))
def test_below_the_first_no_draw_raises_a_singular_value(seed, batch):
    W, eps = normal(seed, 3, 5), normal(seed + 1, 12, 5)
    rate, generator = safe_rate(eps), torch.Generator().manual_seed(seed)
    for _ in range(40):
        drawn = eps[torch.randint(12, (batch,), generator=generator)]
        after = W - rate * W @ second_moment(drawn)
        before = torch.linalg.svdvals(W)
        assert (torch.linalg.svdvals(after) <= before + 1e-12 * before[0]).all()
        W = after


def test_above_the_first_the_longest_difference_raises_one():
    eps = normal(0, 12, 5)
    longest = eps[eps.square().sum(1).argmax()][None]
    after = longest - 1.01 * safe_rate(eps) * longest @ longest.mT @ longest
    assert after.norm() > longest.norm()


def test_the_second_is_where_the_expected_square_may_grow():
    eps = normal(0, 12, 5)
    one = torch.eye(5, dtype=torch.float64)

    def growth(rate: float) -> float:
        """λ_max of E[(I − η ε εᵀ)²] − I, by averaging over all ε."""
        moved = one - rate * eps[:, :, None] * eps[:, None, :]
        return float(torch.linalg.eigvalsh((moved @ moved).mean(0) - one)[-1])

    rate = safe_rate_on_average(eps)
    assert growth(0.99 * rate) < 0
    assert growth(1.01 * rate) > 0
    assert rate > 1.05 * safe_rate(eps)


def test_invariant_images_have_no_bound():
    for rate in (safe_rate, safe_rate_on_average, safe_rate_of_full_batch):
        with pytest.raises(UsageError, match="differences are all zero"):
            rate(torch.zeros(3, 4))
