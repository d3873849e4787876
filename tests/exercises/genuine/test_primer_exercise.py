"""The checks of genuine/primer accept the right answers and say what is wrong with the others."""

import pytest
import torch

from invlib.exercises.genuine.primer import (
    check_flow,
    check_invisible_change,
    check_orbit_size,
    check_symmetrized,
)


def symmetrized(back):
    """An attempt that turns the k-th picture by the element back(group, k)."""

    def attempt(psi, group):
        def made(x):
            seen = [psi(group.act(x, k)) for k in range(group.order)]
            moved = [group.act(seen[k], back(group, k)) for k in range(group.order)]
            return sum(moved) / group.order

        return made

    return attempt


def flow(left):
    return lambda W, e, t: W - (1 - left(e, t)) * (W @ e).outer(e) / (e @ e)


def test_right_answers():
    assert check_orbit_size(lambda x, group: len(group.orbit(x).unique(dim=0)))
    assert check_symmetrized(symmetrized(lambda group, k: group.inverse(k)))
    assert check_invisible_change(lambda logits, amount: logits - 3 * amount[:, None])
    assert check_flow(flow(lambda e, t: (-t * e @ e).exp()))


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda x, group: ..., "replace the dots"),
        (lambda x, group: group.order, "same after a half turn: you count 4, its orbit holds 2"),
        (lambda x, group: 4, "three shifts: you count 4, its orbit holds 3"),
    ],
)
def test_a_wrong_orbit(attempt, words):
    answer = check_orbit_size(attempt)
    assert not answer
    assert words in repr(answer)


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (symmetrized(lambda group, k: ...), "replace the dots"),
        (symmetrized(lambda group, k: 0), "your map is invariant"),
        (symmetrized(lambda group, k: k), "is not the moved image"),
        (lambda psi, group: lambda x: x, "not the average"),
        (lambda psi, group: psi, "is not the moved image"),
        (lambda psi, group: lambda x: x[:, :3], "should give images"),
    ],
)
def test_a_wrong_average(attempt, words):
    answer = check_symmetrized(attempt)
    assert not answer
    assert words in repr(answer)


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda logits, amount: logits + ..., "replace the dots"),
        (lambda logits, amount: logits, "LI is 0"),
        (lambda logits, amount: logits * amount[:, None], "distribution moves"),
    ],
)
def test_a_wrong_change(attempt, words):
    answer = check_invisible_change(attempt)
    assert not answer
    assert words in repr(answer)


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (flow(lambda e, t: ...), "replace the dots"),
        (lambda W, e, t: W @ e, "should be a matrix"),
        (flow(lambda e, t: torch.exp(torch.tensor(-t))), "at t = 0.1 the length of W e is"),
        (flow(lambda e, t: 0), "at t = 0 the length"),
    ],
)
def test_a_wrong_flow(attempt, words):
    answer = check_flow(attempt)
    assert not answer
    assert words in repr(answer)
