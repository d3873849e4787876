"""Loading: counts, ranges, splits, and what a caller may do to what it got."""

import dataclasses

import numpy as np
import pytest
import sklearn.datasets
import torch

from invlib.data import State, load, load_photographs, overall, read, survey
from invlib.errors import InvlibError, UsageError
from invlib.settings import from_environment

SETS = [
    (name, split) for name in ("digits", "mnist", "fashion_mnist") for split in ("train", "test")
]


def _here(name: str) -> None:
    settings = from_environment()
    if overall(survey(read(name, settings), settings.data_dir)) is not State.GOOD:
        pytest.skip(f"{name} is not in the data folder (INVLIB_DATA): {settings.data_dir}")


@pytest.mark.parametrize(("name", "split"), SETS)
def test_a_split_has_the_types_ranges_and_counts_of_its_manifest(name: str, split: str) -> None:
    _here(name)
    data = load(name, split)
    manifest = read(name, from_environment())
    expected = manifest.split(split)
    assert (data.name, data.split, data.checksum) == (name, split, manifest.checksum)
    assert data.images.shape == (expected.count, *expected.shape)
    assert data.images.dtype is torch.float32
    assert data.images.min() == 0
    assert data.images.max() == 1
    assert data.labels.dtype is torch.int64
    assert torch.bincount(data.labels).tolist() == list(expected.per_class)
    assert data.class_names == manifest.classes
    levels = data.images[:100] * manifest.pixel_max
    assert torch.allclose(levels, levels.round(), atol=1e-4)


@pytest.mark.parametrize("name", ["digits", "mnist", "fashion_mnist"])
def test_no_image_is_in_both_splits(name: str) -> None:
    _here(name)
    train, test = (
        {image.tobytes() for image in load(name, split).images.numpy()}
        for split in ("train", "test")
    )
    assert len(train) > 1000
    assert not train & test


def test_digits_are_scikit_learns_with_every_fifth_for_the_test() -> None:
    theirs = sklearn.datasets.load_digits()
    train, test = load("digits", "train"), load("digits", "test")
    assert np.array_equal(test.images.numpy() * 16, theirs.images[4::5])
    assert np.array_equal(test.labels.numpy(), theirs.target[4::5])
    rest = np.delete(np.arange(1797), np.arange(4, 1797, 5))
    assert np.array_equal(train.images.numpy() * 16, theirs.images[rest])
    assert np.array_equal(train.labels.numpy(), theirs.target[rest])


def test_photographs_are_scikit_learns() -> None:
    ours, theirs = load_photographs(), sklearn.datasets.load_sample_images()
    assert ours.names == ("china", "flower")
    assert ours.images.shape == (2, 427, 640, 3)
    assert ours.images.dtype is torch.float32
    assert np.array_equal(np.rint(ours.images.numpy() * 255), np.stack(theirs.images))


def test_photographs_have_no_splits_to_load() -> None:
    with pytest.raises(UsageError, match="load_photographs"):
        load("photographs", "train")


def test_an_edit_by_one_caller_is_not_seen_by_another() -> None:
    first = load("digits", "test")
    first.images.zero_()
    first.labels.fill_(7)
    second = load("digits", "test")
    assert second.images.max() == 1
    assert len(second.labels.unique()) == 10
    with pytest.raises(dataclasses.FrozenInstanceError):
        second.name = "other"


def test_the_files_are_read_once_in_a_process(tiny) -> None:
    tiny.fill()
    first = load("tiny", "train", tiny.settings)
    for path in tiny.final:
        path.unlink()
    assert torch.equal(load("tiny", "train", tiny.settings).images, first.images)


def test_the_cache_does_not_mix_up_folders(tiny) -> None:
    tiny.fill()
    load("tiny", "train", tiny.settings)
    elsewhere = tiny.settings.but(data_dir=tiny.settings.data_dir / "elsewhere")
    with pytest.raises(InvlibError, match="missing"):
        load("tiny", "train", elsewhere)


@pytest.mark.parametrize("unpacked", [False, True])
def test_images_and_labels_keep_their_order(tiny, unpacked: bool) -> None:
    tiny.fill(unpacked)
    data = load("tiny", "test", tiny.settings)
    raw = np.frombuffer(tiny.contents["test-images-idx3-ubyte.gz"], np.uint8, offset=16)
    assert np.array_equal(data.images.numpy(), raw.reshape(6, 4, 4) / np.float32(255))
    assert data.labels.tolist() == [0, 1, 2, 0, 1, 2]


def test_missing_data_names_the_command_the_folder_and_the_manual_route(tiny) -> None:
    with pytest.raises(InvlibError) as refusal:
        load("tiny", "train", tiny.settings)
    for part in ("invlib data fetch tiny", str(tiny.folder), "stick in the drawer"):
        assert part in str(refusal.value)


@pytest.mark.parametrize("split", ["validation", "Train", ""])
def test_an_unknown_split_is_refused_with_the_valid_ones(split: str) -> None:
    with pytest.raises(UsageError, match=f"unknown split '{split}' of digits.*Valid: test, train"):
        load("digits", split)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("per_class", [5, 4, 3], r"labels per class \(4, 4, 4\), the manifest says \(5, 4, 3\)"),
        ("shape", [2, 8], r"image array \(12, 4, 4\), the manifest says \(12, 2, 8\)"),
        ("images", "train-labels-idx1-ubyte.gz", "header takes 16|starts with 00000801"),
    ],
)
def test_data_that_is_not_as_the_manifest_says_is_refused(tiny, key, value, message) -> None:
    tiny.fill()
    tiny.raw["splits"]["train"][key] = value
    tiny.save()
    with pytest.raises(InvlibError, match=message):
        load("tiny", "train", tiny.settings)


def test_a_pixel_above_the_scale_is_refused(tiny) -> None:
    tiny.fill()
    tiny.raw["pixel_max"] = 16
    tiny.save()
    with pytest.raises(InvlibError, match="the manifest says 16 at most"):
        load("tiny", "train", tiny.settings)
