"""Distortions of images: strength 0, the range that is kept, and what decides the outcome."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from invlib.data.distortions import DISTORTIONS, blur, contrast, noise, occlusion
from invlib.data.warps import affine, elastic
from invlib.errors import UsageError

NAMES = sorted(DISTORTIONS)


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def some_images(n: int = 5, side: int = 9) -> torch.Tensor:
    return torch.rand(n, side * side, generator=rng(1))


def blob(side: int = 25) -> torch.Tensor:
    """A smooth bump in the middle, which interpolation hardly changes."""
    line = torch.arange(side) - side // 2
    return torch.exp(-(line[:, None] ** 2 + line**2) / 18.0).flatten()[None]


@pytest.mark.parametrize("name", NAMES)
def test_strength_zero_changes_nothing(name):
    images = some_images()
    assert torch.equal(DISTORTIONS[name](images, 0.0, rng()), images)


@pytest.mark.parametrize("name", NAMES)
def test_a_tiny_strength_changes_little_and_a_large_one_more(name):
    images = blob().repeat(20, 1)
    tiny, large = (DISTORTIONS[name](images, s, rng()) - images for s in (1e-3, 0.8))
    assert float(tiny.square().mean().sqrt()) < 2e-3
    assert float(large.square().mean().sqrt()) > 0.05


@pytest.mark.parametrize("name", NAMES)
@settings(deadline=None, max_examples=15)
@given(
    strength=st.floats(0, 1), side=st.integers(2, 12), n=st.integers(1, 4), seed=st.integers(0, 99)
)
def test_shape_and_range_are_kept_and_the_generator_decides(name, strength, side, n, seed):
    images = torch.rand(n, side * side, generator=rng(seed))
    before = images.clone()
    found = DISTORTIONS[name](images, strength, rng(seed))
    assert found.shape == images.shape
    assert found.dtype == images.dtype
    assert 0 <= float(found.min()) <= float(found.max()) <= 1
    assert torch.equal(images, before)
    assert torch.equal(found, DISTORTIONS[name](images, strength, rng(seed)))


@pytest.mark.parametrize("name", ["noise", "occlusion", "elastic", "affine"])
def test_another_seed_and_another_image_of_the_batch_draw_anew(name):
    images = blob(15).repeat(30, 1)
    found = DISTORTIONS[name](images, 0.5, rng(0))
    assert not torch.equal(found, DISTORTIONS[name](images, 0.5, rng(1)))
    assert len({tuple(row.tolist()) for row in found}) > 10


def test_noise_has_the_deviation_that_it_says():
    grey = torch.full((50, 400), 0.5)
    assert float(noise(grey, 0.1, rng()).std()) == pytest.approx(0.1, abs=0.002)


def test_contrast_shrinks_the_deviation_and_keeps_the_mean():
    images = some_images()
    found = contrast(images, 0.3, rng())
    torch.testing.assert_close(found.mean(-1), images.mean(-1))
    torch.testing.assert_close(found.std(-1), 0.7 * images.std(-1))


def test_blur_is_scipys():
    from scipy.ndimage import gaussian_filter

    side = 18
    images = some_images(3, side)
    for strength in (0.25, 1.0):
        sigma = strength * side / 9
        wanted = [
            gaussian_filter(image.numpy(), sigma, mode="constant", truncate=4.0)
            for image in images.view(-1, side, side)
        ]
        found = blur(images, strength, rng()).view(-1, side, side).numpy()
        # scipy cuts its kernel at a rounded width, ours at the next whole pixel
        assert abs(found - wanted).max() < 2e-3


def test_occlusion_covers_one_square_inside_the_image():
    side, width = 10, 4
    found = occlusion(torch.zeros(200, side * side), width / side, rng()).view(-1, side, side)
    assert set(found.unique().tolist()) == {0.0, 0.5}
    assert ((found > 0).sum((1, 2)) == width * width).all()
    assert ((found > 0).any(1).sum(1) == width).all()
    assert ((found > 0).any(2).sum(1) == width).all()
    assert (found[:, 0] > 0).any()  # also at the border
    assert (found[:, -1] > 0).any()


def test_affine_keeps_the_centre_and_elastic_moves_it():
    images = blob().repeat(40, 1)
    middle = images.shape[1] // 2
    assert (affine(images, 1.0, rng())[:, middle] > 0.99).all()
    assert (elastic(images, 1.0, rng())[:, middle] < 0.9).any()


@pytest.mark.parametrize(
    ("images", "strength", "words"),
    [
        (torch.rand(2, 10), 0.5, "10 pixels is not square"),
        (torch.rand(4), 0.5, r"images is \[4\]"),
        (torch.zeros(2, 4, dtype=torch.int64), 0.5, "tensor of floats"),
        (torch.rand(2, 4), -0.1, "strength is -0.1"),
        (torch.rand(2, 4), 1.5, "strength is 1.5"),
        (torch.rand(2, 4), float("nan"), "strength is nan"),
    ],
)
@pytest.mark.parametrize("name", NAMES)
def test_bad_input_is_refused_by_name(name, images, strength, words):
    with pytest.raises(UsageError, match=words):
        DISTORTIONS[name](images, strength, rng())
