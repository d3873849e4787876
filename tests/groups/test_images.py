"""The image groups against numpy's and scipy's own rotations, shifts and mirror images."""

import numpy as np
import pytest
import torch
from scipy import ndimage

from invlib.groups import flips, rotations, translations


def image(side: int) -> np.ndarray:
    return np.random.default_rng(side).normal(size=(side, side))


def moved(group, picture: np.ndarray, k: int) -> np.ndarray:
    return group.act(torch.tensor(picture.ravel()), k).numpy().reshape(picture.shape)


@pytest.mark.parametrize("side", [1, 2, 5, 14])
@pytest.mark.parametrize("order", [2, 4])
def test_rotations_are_counter_clockwise_turns(side, order):
    group = rotations(side, order)
    for k in range(order):
        assert np.array_equal(moved(group, image(side), k), np.rot90(image(side), k * 4 // order))


@pytest.mark.parametrize("side", [5, 8])
def test_rotations_against_scipy(side):
    group = rotations(side)
    for k in range(4):
        turned = ndimage.rotate(image(side), 90 * k, reshape=False, order=0)
        assert np.array_equal(moved(group, image(side), k), turned)


@pytest.mark.parametrize(("side", "order"), [(36, 3), (6, 3), (6, 2), (4, 4), (5, 1)])
@pytest.mark.parametrize(("axis", "dimension"), [("x", 1), ("y", 0)])
def test_translations_are_rolls(side, order, axis, dimension):
    group = translations(side, order, axis)
    for k in range(order):
        rolled = np.roll(image(side), k * side // order, dimension)
        assert np.array_equal(moved(group, image(side), k), rolled)


def test_translations_against_scipy():
    for k in range(3):
        shifted = ndimage.shift(image(6), (0, 2 * k), order=0, mode="grid-wrap")
        assert np.array_equal(moved(translations(6), image(6), k), shifted)


@pytest.mark.parametrize("side", [1, 2, 5])
def test_flips_mirror_left_and_right(side):
    assert np.array_equal(moved(flips(side), image(side), 0), image(side))
    assert np.array_equal(moved(flips(side), image(side), 1), np.fliplr(image(side)))


def test_the_orbit_that_the_paper_names():
    """Paper linear: pixels 45, 52, 143, 150 of a 14x14 image form one of 49 orbits."""
    basis = rotations(14).orbit_basis()
    assert basis.shape == (196, 49)
    column = basis[:, basis[45] > 0].squeeze(1)
    assert column.nonzero().flatten().tolist() == [45, 52, 143, 150]
    assert column[45] == 0.5
