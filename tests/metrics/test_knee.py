"""The knee of a trade-off: corners, scales, and curves without one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invlib.errors import UsageError
from invlib.metrics.knee import knee


@pytest.mark.parametrize("corner", [1, 2, 3])
def test_a_corner_is_found(corner):
    gain = np.arange(5.0)
    price = 0.1 * gain + 3 * np.maximum(gain - corner, 0)
    assert knee(gain, price) == corner


def test_a_straight_line_and_a_dear_start_have_none():
    gain = np.arange(5.0)
    assert knee(gain, 2 * gain) == 0
    assert knee(gain, np.sqrt(gain)) == 0
    assert knee(gain, np.zeros(5)) == 0


@settings(deadline=None, max_examples=25)
@given(st.floats(0.1, 100), st.floats(-50, 50), st.floats(0.1, 100), st.floats(-50, 50))
def test_units_and_origins_do_not_matter(scale, shift, other, moved):
    gain, price = np.array([0.2, 0.6, 0.8, 1.0]), np.array([5, 7, 10, 25.0])
    assert knee(scale * gain + shift, other * price + moved) == knee(gain, price) == 2


def test_too_few_points_are_refused():
    with pytest.raises(UsageError, match="three points"):
        knee(np.arange(2), np.arange(2))
