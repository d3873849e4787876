"""Labelled images: loading a split of a data set as tensors, checked against its manifest."""

import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from invlib.data import idx, manifest, verify
from invlib.data.description import IDX, Manifest, Split
from invlib.errors import InvlibError, UsageError
from invlib.settings import Settings, from_environment

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, eq=False)
class ImageData:
    """A split of a data set. The tensors are the caller's own: no other caller sees an edit."""

    name: str
    split: str
    images: "torch.Tensor"  # [n, h, w] float32 in [0, 1]
    labels: "torch.Tensor"  # [n] int64
    class_names: tuple[str, ...]
    checksum: str  # of the data set: Manifest.checksum


def load(name: str, split: str, settings: Settings | None = None) -> ImageData:
    """The images and labels of a split ("train", "test") of a data set.

    The verified bytes are kept for the life of the process, read-only. Every call makes new
    tensors from them, so callers cannot disturb each other; for MNIST that takes about a tenth
    of a second.
    """
    import torch

    settings = settings or from_environment()
    description = manifest.read(name, settings)
    if not description.splits:
        raise UsageError(f"{name} has no labelled splits; see invlib.data.load_photographs.")
    pixels, labels = _arrays(description, description.split(split), settings.data_dir)
    images = np.divide(pixels, np.float32(description.pixel_max), dtype=np.float32)
    return ImageData(
        name=name,
        split=split,
        images=torch.from_numpy(images),
        labels=torch.from_numpy(labels.astype(np.int64)),
        class_names=description.classes,
        checksum=description.checksum,
    )


@lru_cache(maxsize=4)
def _arrays(description: Manifest, split: Split, data_dir: Path) -> tuple[np.ndarray, np.ndarray]:
    """Pixels [n, h, w] and labels [n] of a split as stored bytes, read-only and checked."""
    if description.kind == IDX:
        pixels, labels = _read_idx(description, split, data_dir)
    else:
        pixels, labels = _read_table(description, split, data_dir)
    if split.rows is not None:
        chosen = np.isin(np.arange(len(labels)) % split.rows.every, split.rows.keep)
        pixels, labels = pixels[chosen], labels[chosen]
    _check(description, split, pixels, labels)
    pixels.flags.writeable = labels.flags.writeable = False
    return pixels, labels


def _read_idx(description: Manifest, split: Split, data_dir: Path) -> tuple[np.ndarray, np.ndarray]:
    def array(file: str, dimensions: int) -> np.ndarray:
        return idx.read(verify.content(description, file, data_dir), dimensions, file)

    return array(split.images, 3), array(split.labels, 1)


def _read_table(
    description: Manifest, split: Split, data_dir: Path
) -> tuple[np.ndarray, np.ndarray]:
    """Rows of comma-separated pixel values, the label last."""
    text = verify.content(description, split.images, data_dir).decode("ascii")
    table = np.loadtxt(io.StringIO(text), delimiter=",").astype(np.uint8)
    return table[:, :-1].reshape(-1, *split.shape), table[:, -1].copy()


def _check(description: Manifest, split: Split, pixels: np.ndarray, labels: np.ndarray) -> None:
    """Hold what was loaded against what the manifest says of the split."""
    counts = tuple(np.bincount(labels, minlength=len(description.classes)).tolist())
    for what, found, expected in (
        ("image array", pixels.shape, (split.count, *split.shape)),
        ("labels per class", counts, split.per_class),
    ):
        if found != expected:
            raise InvlibError(
                f"{description.title}, {split.name}: {what} {found}, the manifest says {expected}."
            )
    if pixels.max() > description.pixel_max:
        raise InvlibError(
            f"{description.title}, {split.name}: a pixel of {pixels.max()}, the manifest says "
            f"{description.pixel_max} at most."
        )
