"""The two photographs that come with scikit-learn."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from invlib.data import manifest, verify
from invlib.settings import Settings, from_environment

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, eq=False)
class Photographs:
    """Colour photographs of one size."""

    names: tuple[str, ...]
    images: "torch.Tensor"  # [n, h, w, 3] float32 in [0, 1]
    checksum: str


def load_photographs(settings: Settings | None = None) -> Photographs:
    """A Chinese temple and a flower, 427 x 640 pixels each."""
    import torch
    from PIL import Image

    settings = settings or from_environment()
    description = manifest.read("photographs", settings)
    pixels = []
    for file in description.files:
        content = verify.content(description, file.name, settings.data_dir)
        with Image.open(io.BytesIO(content), formats=["JPEG"]) as image:
            pixels.append(np.asarray(image.convert("RGB")))
    images = np.divide(np.stack(pixels), np.float32(description.pixel_max), dtype=np.float32)
    return Photographs(
        names=tuple(Path(file.name).stem for file in description.files),
        images=torch.from_numpy(images),
        checksum=description.checksum,
    )
