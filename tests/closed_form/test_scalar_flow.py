"""The scalar flow in closed form against the differential equation that it solves."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from invlib.closed_form.scalar_flow import noninvariant_square, rises_at_start, turning_points
from invlib.errors import UsageError

stiffnesses = st.lists(st.floats(0, 5), min_size=1, max_size=4)


@settings(max_examples=10, deadline=None)
@given(st.floats(0.01, 3), stiffnesses)
def test_the_closed_form_solves_the_flow(start, stiffness):
    a, b = 0.7, 0.4
    alpha, v = a * np.array(stiffness), np.linspace(1, 2, len(stiffness))
    s0 = start * b / a

    def flow(_, y):  # w, u, v_k, where w does not feel v
        w, u, v = y[0], y[1], y[2:]
        return [-2 * (a * w * u - b) * u, -2 * (a * w * u - b) * w, *(-2 * alpha * w**2 * v)]

    t = np.linspace(0, 6, 25)
    y = solve_ivp(flow, (0, 6), [s0**0.5, s0**0.5, *v], t_eval=t, rtol=1e-9, atol=1e-12).y
    q = 1 + start * (np.exp(4 * b * t) - 1)
    expected = ((y[0] * y[2:]) ** 2).sum(0)
    found = b / a * noninvariant_square(q, start, stiffness, v**2)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.01, 3), st.floats(0.01, 5))
def test_one_direction_rises_exactly_below_the_threshold_and_turns_once(start, kappa):
    turns = turning_points(start, [kappa], [1.0])
    assert len(turns) == (start * (1 + kappa) < 1 and (1 - start) * (1 + kappa) / kappa < 1e12)
    assert rises_at_start(start, [kappa], [1.0]) == (start * (1 + kappa) < 1)
    for q in turns:
        assert q == pytest.approx((1 - start) * (1 + kappa) / kappa, rel=1e-6)


def test_two_directions_go_down_up_and_down():
    problem = (0.2, [30.0, 0.05], [4.0, 1.0])
    assert not rises_at_start(*problem)
    low, high = turning_points(*problem)
    values = noninvariant_square(np.array([1, low, high, 1e6]), *problem)
    assert values[0] > values[1] < values[2] > values[3]


def test_a_blank_direction_never_vanishes():
    values = noninvariant_square(np.array([1e6, 1e9]), 0.2, [1.0, 0.0], [1.0, 0.3])
    np.testing.assert_allclose(values, 0.3, rtol=1e-4)


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        ((0.0, [1.0], [1.0]), "start is 0.0"),
        ((0.5, [1.0, 2.0], [1.0]), "stiffness has 2 entries, sizes 1"),
        ((0.5, [], []), "at least one"),
        ((0.5, [-1.0], [1.0]), "must not be negative"),
        ((0.5, [1.0], [0.0]), "some size not zero"),
    ],
)
def test_nonsense_is_refused_by_name(problem, words):
    with pytest.raises(UsageError, match=words):
        rises_at_start(*problem)
