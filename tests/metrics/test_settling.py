"""When a curve has settled, worked out by hand and by the definition."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invlib.errors import UsageError
from invlib.metrics.settling import settling_epoch


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.1, 0.5, 0.96, 1.0, 1.0], 20),
        ([0.1, 0.96, 0.5, 1.0, 1.0], 30),  # inside, out again, and in for good
        ([1.0, 1.0, 1.0, 1.0, 1.0], 0),
        ([1.0, 1.0, 1.0, 1.0, 2.0], 40),
        ([-0.5, -0.9, -0.97, -1.0, -1.0], 20),
        ([0.0, 0.1, 0.0, 0.0, 0.0], 20),  # a last value of zero leaves no room
    ],
)
def test_settling_by_hand(values, expected):
    assert settling_epoch(np.arange(5) * 10, np.array(values)) == expected


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.floats(-10, 10, allow_subnormal=False), min_size=1, max_size=12),
    st.floats(0, 0.9),
)
def test_settling_is_its_definition(values, within):
    values = np.array(values)
    found = settling_epoch(np.arange(len(values)), values, within)
    inside = np.abs(values - values[-1]) <= within * abs(values[-1])
    assert inside[found:].all()
    assert found == 0 or not inside[found - 1]


def test_a_wider_band_never_settles_later():
    values = np.random.default_rng(0).random(50).cumsum()
    found = [settling_epoch(np.arange(50), values, within) for within in (0, 0.05, 0.2, 0.5)]
    assert found == sorted(found, reverse=True)


@pytest.mark.parametrize(
    ("epochs", "values", "within", "words"),
    [
        ([0, 1], [1.0], 0.05, r"epochs has shape \[2\] and values \[1\]"),
        ([], [], 0.05, "one list each"),
        ([[0]], [[1.0]], 0.05, "one list each"),
        ([0], [1.0], 1.0, "within is 1.0; it must be at least 0 and below 1"),
        ([0], [1.0], -0.1, "within is -0.1"),
    ],
)
def test_what_is_no_curve_is_refused_by_name(epochs, values, within, words):
    with pytest.raises(UsageError, match=words):
        settling_epoch(np.array(epochs), np.array(values), within)
