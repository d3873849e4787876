"""The augmented error splits without a cross term; the plain error does not."""

import pytest
import torch

from invlib.groups import flips, rotations
from invlib.methods.mean_squared_error import MeanSquaredError
from invlib.methods.split_error import EigenSplit, PixelSplit, invariance_error, target_error
from invlib.training.seeds import stream

GROUPS = [rotations(4), rotations(3), flips(4)]


def problem(group, seeds=2, n=20, classes=3):
    X = torch.rand(seeds, n, group.pixels, generator=stream(0, "X"), dtype=torch.float64)
    X[..., 0] = 0  # one pixel of every image is blank, so that eigenvalues meet at 0 too
    Y = torch.rand(seeds, n, classes, generator=stream(0, "Y"), dtype=torch.float64)
    W = torch.randn(seeds, classes, group.pixels, generator=stream(0, "W"), dtype=torch.float64)
    return X, Y, W


def error_on_orbits(W, X, Y, group):
    """The mean of (W ρ(g) x − y)² over samples, elements and classes, image by image."""
    answers = group.orbit(X) @ W.mT.unsqueeze(1)
    return (answers - Y.unsqueeze(-2)).square().mean((1, 2, 3))


@pytest.mark.parametrize("group", GROUPS, ids=repr)
def test_the_two_parts_add_up_to_the_error_on_augmented_images(group):
    X, Y, W = problem(group)
    split = PixelSplit.of(X, Y, group)
    whole = target_error(split, W) + invariance_error(split, W)
    torch.testing.assert_close(whole, error_on_orbits(W, X, Y, group))


@pytest.mark.parametrize("group", GROUPS, ids=repr)
def test_each_part_sees_its_own_half_of_the_map(group):
    X, Y, W = problem(group)
    split = PixelSplit.of(X, Y, group)
    inside = group.orbit(W).mean(-2)
    torch.testing.assert_close(target_error(split, W), error_on_orbits(inside, X, Y, group))
    torch.testing.assert_close(invariance_error(split, inside), torch.zeros(2).double())
    doubled = invariance_error(split, inside + 2 * (W - inside))
    torch.testing.assert_close(doubled, 4 * invariance_error(split, W))


@pytest.mark.parametrize("group", GROUPS, ids=repr)
def test_eigenvectors_say_the_same(group):
    X, Y, W = problem(group)
    pixels, eigen = PixelSplit.of(X, Y, group), EigenSplit.of(X, Y, group)
    Q = eigen.vectors
    torch.testing.assert_close(Q.mT @ Q, torch.eye(group.pixels).double().expand_as(Q))
    torch.testing.assert_close(eigen.weigh(W @ Q) @ Q.mT, pixels.weigh(W))
    torch.testing.assert_close(eigen.average(W @ Q) @ Q.mT, pixels.average(W))
    for part in (target_error, invariance_error):
        torch.testing.assert_close(part(eigen, W @ Q), part(pixels, W))


def test_blank_directions_are_those_that_no_image_has():
    group = rotations(4)
    X, Y, _ = problem(group)
    X[..., [0, 3, 12, 15]] = 0
    eigen = EigenSplit.of(X, Y, group)
    assert eigen.blank().sum(-1).tolist() == [[4.0], [4.0]]
    seen = group.orbit(X).flatten(1, 2) @ (eigen.vectors * eigen.blank())
    assert seen.abs().max() < 1e-6


def test_without_augmentation_a_cross_term_remains():
    group = rotations(4)
    X, Y, W = problem(group)
    plain = MeanSquaredError().on(X, Y)
    inside = group.orbit(W).mean(-2)
    outside = W - inside
    own = ((outside @ plain.second) * outside).sum((-2, -1))
    cross = plain.value(W) - plain.value(inside) - own
    assert cross.abs().min() > 1e-3
    expected = (plain.gradient(inside) * outside).sum((-2, -1))
    torch.testing.assert_close(cross, expected)
