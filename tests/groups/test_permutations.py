"""Groups from a list of permutations: accepted exactly when they form a group."""

import pickle

import numpy as np
import pytest
import torch

from invlib.errors import UsageError
from invlib.groups import from_permutations, rotations


def test_rebuilds_the_rotations_from_numpy_arrays():
    image = np.arange(9).reshape(3, 3)
    group = from_permutations([np.rot90(image, k).ravel().copy() for k in range(4)], side=3)
    x = torch.arange(18.0).view(2, 9)
    assert group.orbit(x).equal(rotations(3).orbit(x))
    assert [group.inverse(k) for k in range(4)] == [0, 3, 2, 1]
    assert group.generators == (1,)
    assert group.side == 3


def test_the_identity_comes_first():
    group = from_permutations([(1, 2, 0), (0, 1, 2), (2, 0, 1)])
    x = torch.tensor([5, 6, 7])
    assert group.orbit(x).tolist() == [[5, 6, 7], [6, 7, 5], [7, 5, 6]]


def test_the_trivial_group():
    group = from_permutations([[0, 1]])
    assert (group.order, group.generators, group.constraint().shape) == (1, (), (2, 0))


@pytest.mark.parametrize(
    ("perms", "says"),
    [
        ([], "empty"),
        ([[0, 1, 2], [1, 1, 0]], r"perms\[1\] is not a permutation"),
        ([[0, 1, 2], [1, 2, 3]], r"perms\[1\] is not a permutation"),
        ([[0, 1, 2], [1, 0]], r"perms\[1\] has 2 pixels"),
        ([[0.0, 1.0]], r"perms\[0\] is not a list of pixel numbers"),
        ([0, 1], r"perms\[0\] is not a list of pixel numbers"),
        ([[1, 2, 0], [2, 0, 1]], "identity is missing"),
        ([[0, 1, 2], [1, 2, 0]], "not a group: .* is not among them"),
        ([list(range(20)), [*range(1, 20), 0]], "product of two of its elements"),
        ([[0, 1], [0, 1]], "comes twice"),
        ([[0, 1], ["a", "b"]], "list of pixel permutations"),
        (None, "list of pixel permutations"),
    ],
)
def test_what_is_not_a_group_is_refused(perms, says):
    with pytest.raises(UsageError, match=says):
        from_permutations(perms)


def test_side_must_fit():
    with pytest.raises(UsageError, match="side² = 3"):
        from_permutations([[0, 1, 2]], side=2)


def test_travels_to_another_process():
    group = pickle.loads(pickle.dumps(rotations(2)))
    assert group.act(torch.arange(4), 1).tolist() == [1, 3, 0, 2]
