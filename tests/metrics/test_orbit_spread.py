"""The spread of columns on an orbit against W_⊥, which it is part of, and by hand."""

import numpy as np
import pytest
import torch

from invlib.errors import UsageError
from invlib.groups import rotations
from invlib.metrics import noninvariant_part
from invlib.metrics.orbit_spread import orbit_spread
from invlib.studies.linear.observer import tracked_orbit
from invlib.studies.linear.orbit_weights import spread_by_pixel

GROUP = rotations(6)
W = torch.randn(9, 36, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


def test_spread_by_hand():
    assert orbit_spread([[2.0, 2.0, 2.0, 2.0]]) == 0
    assert orbit_spread([[1.0, -1.0, 1.0, -1.0]]) == 1
    assert orbit_spread([[3.0, 1.0]]) == pytest.approx((2 / 10) ** 0.5)
    assert orbit_spread(np.zeros((2, 4))) == 0


def test_spread_is_the_share_of_the_noninvariant_part():
    apart = noninvariant_part(W, GROUP)
    orbit = tracked_orbit(GROUP)
    expected = apart[:, orbit].norm() / W[:, orbit].norm()
    assert orbit_spread(W[:, orbit].numpy()) == pytest.approx(expected.item())


def test_spread_ignores_size_and_order():
    entries = W[:, tracked_orbit(GROUP)].numpy()
    same = orbit_spread(entries)
    assert orbit_spread(-7 * entries[::-1, [2, 0, 3, 1]]) == pytest.approx(same)


def test_independent_entries_have_the_spread_of_three_directions_in_four():
    entries = np.random.default_rng(0).normal(size=(20, 500, 4))
    assert orbit_spread(entries).shape == (20,)
    assert orbit_spread(entries).mean() == pytest.approx(0.75**0.5, abs=0.005)


def test_every_pixel_of_an_orbit_has_its_orbits_spread():
    spread = spread_by_pixel(W.numpy(), GROUP)
    orbit = tracked_orbit(GROUP)
    np.testing.assert_allclose(spread[orbit], orbit_spread(W[:, orbit].numpy()))
    np.testing.assert_allclose(np.rot90(spread.reshape(6, 6)).flatten(), spread)


def test_the_center_of_an_odd_image_is_equal_to_itself():
    odd = rotations(5)
    assert spread_by_pixel(np.random.default_rng(0).normal(size=(3, 25)), odd)[12] == 0


def test_a_single_row_without_its_dimension_is_refused_by_name():
    with pytest.raises(UsageError, match=r"entries has shape \[4\]; it must be"):
        orbit_spread(np.ones(4))
