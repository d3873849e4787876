"""What a data set is: its files and their checksums, sources, splits, licence and errata."""

import hashlib
import json
from dataclasses import dataclass

from invlib.errors import unknown

BUNDLED = "bundled"  # inside an installed package; nothing to fetch
IDX = "idx"  # IDX files in torchvision's layout under the data folder
KINDS = (BUNDLED, IDX)


@dataclass(frozen=True)
class Citation:
    """Whom to cite."""

    authors: tuple[str, ...]
    year: int
    title: str
    venue: str
    url: str


@dataclass(frozen=True)
class DataFile:
    """One file, known by its decompressed content: mirrors compress it as they like."""

    name: str
    bytes: int  # as published; informative
    content_bytes: int
    sha256: str

    @property
    def packed(self) -> bool:
        return self.name.endswith(".gz")

    @property
    def content_name(self) -> str:
        """The name that torchvision gives the decompressed file."""
        return self.name.removesuffix(".gz")


@dataclass(frozen=True)
class Rows:
    """The rows of a file that belong to a split: those with index % every in keep."""

    every: int
    keep: tuple[int, ...]


@dataclass(frozen=True)
class Split:
    """Where a split's images and labels are, and what must be found there."""

    name: str
    images: str
    labels: str
    rows: Rows | None  # None: all
    shape: tuple[int, ...]  # height, width
    count: int
    per_class: tuple[int, ...]


@dataclass(frozen=True)
class Manifest:
    """A data set as data_manifests/NAME.yaml describes it."""

    name: str
    title: str
    version: str
    licence: str
    homepage: str
    citation: Citation
    kind: str
    folder: str  # below the data folder, or below the installed packages if bundled
    sources: tuple[str, ...]
    files: tuple[DataFile, ...]
    pixel_max: int  # the pixel value that becomes 1
    classes: tuple[str, ...]
    splits: tuple[Split, ...]
    errata: tuple[str, ...]
    by_hand: str

    @property
    def checksum(self) -> str:
        """One hash over the files' contents and the rules that make splits of them.

        It needs no data, and changes exactly when the loaded numbers may change.
        """
        essence = {
            "files": {file.name: file.sha256 for file in self.files},
            "pixel_max": self.pixel_max,
            "splits": {
                split.name: [
                    split.images,
                    split.labels,
                    [split.rows.every, split.rows.keep] if split.rows else None,
                ]
                for split in self.splits
            },
        }
        return hashlib.sha256(json.dumps(essence, sort_keys=True).encode()).hexdigest()

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files)

    def file(self, name: str) -> DataFile:
        return next(file for file in self.files if file.name == name)

    def split(self, name: str) -> Split:
        for split in self.splits:
            if split.name == name:
                return split
        raise unknown("split", name, [split.name for split in self.splits], f"of {self.name}")
