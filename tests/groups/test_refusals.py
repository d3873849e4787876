"""What a group refuses, and that the message names it."""

import numpy as np
import pytest
import torch

from invlib.errors import UsageError
from invlib.groups import flips, rotations, translations


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: rotations(4, order=3), "order is 3"),
        (lambda: rotations(4, order=1), "order is 1"),
        (lambda: rotations(0), "side is 0"),
        (lambda: rotations(-2), "side is -2"),
        (lambda: rotations(4.0), "side is 4.0"),
        (lambda: rotations(True), "side is True"),
        (lambda: rotations(4, order="4"), "order is '4'"),
        (lambda: translations(28, order=3), "order is 3; it must divide 28"),
        (lambda: translations(6, order=0), "order is 0"),
        (lambda: translations(6, axis="z"), "unknown axis 'z'"),
        (lambda: translations(6, axis=0), "unknown axis '0'"),
        (lambda: translations(6, axis=None), "unknown axis 'None'"),
        (lambda: flips(0), "side is 0"),
    ],
)
def test_no_such_group(make, says):
    with pytest.raises(UsageError, match=says):
        make()


@pytest.mark.parametrize("k", [4, -1, 1.0, True, None, "1", torch.tensor(4), torch.tensor(0.5)])
def test_no_such_element(k):
    group = rotations(3)
    for call in (lambda: group.act(torch.zeros(9), k), lambda: group.inverse(k)):
        with pytest.raises(UsageError, match="group element k is"):
            call()


@pytest.mark.parametrize(
    ("k", "says"),
    [
        ([0, 4], "from 0 to 4"),
        ([-1, 0], "from -1 to 0"),
        ([0.0, 1.0], "dtype"),
        ([True, False], "dtype"),
        ([0], r"shape \[1\].*\[2\]"),
        ([[0, 1]], r"shape \[1, 2\].*\[2\]"),
    ],
)
def test_no_such_elements_per_image(k, says):
    with pytest.raises(UsageError, match=says):
        rotations(3).act(torch.zeros(2, 9), torch.tensor(k))


def test_tensors_of_elements_are_checked_everywhere():
    with pytest.raises(UsageError, match="from 1 to 7"):
        rotations(3).inverse(torch.tensor([1, 7]))
    with pytest.raises(UsageError, match="from 5 to 5"):
        rotations(3).compose(torch.tensor([1]), torch.tensor([5]))


@pytest.mark.parametrize("x", [torch.zeros(3, 8), torch.tensor(1.0), torch.zeros(9, 3)])
def test_images_of_another_size(x):
    for call in (rotations(3).orbit, lambda x: rotations(3).act(x, 0)):
        with pytest.raises(UsageError, match="last dimension must be 9"):
            call(x)


def test_images_that_are_not_tensors():
    with pytest.raises(UsageError, match="x is a ndarray"):
        rotations(3).act(np.zeros(9), 1)


def test_numpy_integers_are_integers():
    assert rotations(np.int64(3)).act(torch.arange(9), np.int8(1)).tolist()[0] == 2
    assert rotations(3).act(torch.arange(9), torch.tensor(1)).tolist()[0] == 2
