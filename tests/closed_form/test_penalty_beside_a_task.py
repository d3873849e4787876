"""With a task beside the penalty: what of Proposition 3.1 stays true, and what does not."""

from itertools import pairwise

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from invlib.closed_form.invariance_flow import linear_flow, orbit_differences, second_moment
from invlib.groups import rotations, translations


def normal(seed: int, *shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_the_largest_singular_value_may_grow_and_a_stronger_penalty_may_make_it_larger():
    """The class is x₁, and x₂ a weak copy of it. Penalizing x₁ moves the weight to x₂."""
    X = torch.tensor([[1.0, 0.1], [-1.0, -0.1], [1.0, 0.11], [-1.0, -0.09]]).double()
    Y, eps = X[:, :1], torch.tensor([[1.0, 0.0]]).double()
    sizes = []
    for strength in (0.0, 1.0, 100.0):
        flow = linear_flow(second_moment(X) + strength * second_moment(eps))
        W = flow.limit(torch.zeros(1, 2), Y.mT @ X / len(X))
        sizes.append(float(torch.linalg.svdvals(W)[0]))
    assert sizes[0] == pytest.approx(1)
    assert sizes[0] < sizes[1] < sizes[2]
    assert sizes[2] > 5


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["R4", "T3"]), st.floats(0, 3))
def test_on_augmented_data_every_singular_value_falls_with_the_strength(seed, name, time):
    """Data closed under the group: Σ = c (I − Ḡ) Σ_x, and the penalty moves W (I − Ḡ) alone.

    At equal times, then, W Wᵀ falls with the strength, and with it every singular value.
    """
    group = rotations(4) if name == "R4" else translations(3, 3)
    x, W = normal(seed, 6, group.pixels), normal(seed + 1, 3, group.pixels)
    target = normal(seed + 2, 3, 6)
    orbit = group.orbit(x)  # [n, order, pixels]
    moment = second_moment(orbit.flatten(0, 1))
    drive = target @ orbit.mean(1) / len(x)  # every member of an orbit has the target of its image
    sigma = second_moment(orbit_differences(orbit.flatten(0, 1), group))
    rest = torch.eye(group.pixels, dtype=torch.float64) - group.reynolds()
    c = 2 * group.order / (group.order - 1)
    torch.testing.assert_close(sigma, c * moment @ rest)
    values, invariant = [], []
    for strength in (0.0, 0.5, 5.0):
        at = linear_flow(moment + strength * sigma).flow(W, time, drive)
        values.append(torch.linalg.svdvals(at))
        invariant.append(at @ group.reynolds())
    for weaker, stronger in pairwise(values):
        assert (stronger <= weaker + 1e-9 * weaker[0]).all()
    torch.testing.assert_close(invariant[0], invariant[2])


def test_yet_it_grows_over_time_on_augmented_data_too():
    group, x = rotations(4), normal(0, 6, 16)
    orbit = group.orbit(x)
    moment = second_moment(orbit.flatten(0, 1))
    drive = normal(1, 3, 6) @ orbit.mean(1) / 6
    flow = linear_flow(moment + second_moment(orbit_differences(x, group)))
    start = torch.zeros(3, 16)
    assert flow.flow(start, 1.0, drive).norm() > 0.01
