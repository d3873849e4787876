"""The three steps of the saliency map, against scipy and by hand."""

import numpy as np
import pytest
import torch
from scipy import ndimage

from invlib.errors import UsageError
from invlib.groups import flips, rotations, translations
from invlib.saliency import integrated_gradients, keep_strongest, saliency_map, smooth


def images(n: int, side: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(side)
    return torch.rand(n, side * side, generator=generator, dtype=torch.float64)


def test_the_threshold_is_nine_tenths_of_each_maximum():
    values = torch.tensor([[1.0, 0.9, 0.89, 0.0], [10.0, 8.9, 9.1, 1.0], [0.0, 0.0, 0.0, 0.0]])
    kept = keep_strongest(values)
    assert kept.tolist()[1:] == [[10.0, 0.0, pytest.approx(9.1), 0.0], [0.0] * 4]
    assert keep_strongest(values.double())[0, 2] == 0
    assert kept[0, 0] == 1


@pytest.mark.parametrize("side", [2, 3, 6])
def test_the_filter_against_scipy(side):
    x = images(4, side)
    expected = [
        ndimage.gaussian_filter(image, sigma=1, radius=1, mode="wrap")
        for image in x.view(-1, side, side).numpy()
    ]
    torch.testing.assert_close(smooth(x), torch.tensor(np.stack(expected)).flatten(1))


@pytest.mark.parametrize(
    "group", [rotations(6), translations(6), translations(6, 6, "y"), flips(6)]
)
def test_threshold_and_filter_commute_with_the_group(group):
    x = images(3, 6)
    for k in range(group.order):
        torch.testing.assert_close(smooth(group.act(x, k)), group.act(smooth(x), k))
        assert keep_strongest(group.act(x, k)).equal(group.act(keep_strongest(x), k))


def test_the_map_is_its_three_steps():
    x, y = images(3, 4) - 0.5, torch.tensor([0, 1, 1])
    W = images(2, 4) - 0.5
    attributed = integrated_gradients(lambda z: (z @ W.mT).square(), x, y)
    assert (attributed < 0).any()
    expected = attributed.abs()
    expected[expected < 0.9 * expected.amax(1, keepdim=True)] = 0
    found = saliency_map(lambda z: (z @ W.mT).square(), x, y)
    torch.testing.assert_close(found, smooth(expected))
    assert (found >= 0).all()


def test_a_pixel_that_speaks_against_the_class_counts_as_much():
    x, y = images(3, 4), torch.zeros(3, dtype=torch.int64)
    supported = saliency_map(lambda z: z.square(), x, y)
    opposed = saliency_map(lambda z: -z.square(), x, y)
    assert supported.equal(opposed)
    assert supported.any()


def test_only_square_images_are_filtered():
    with pytest.raises(UsageError, match="8 pixels is not a square"):
        smooth(torch.zeros(1, 8))
