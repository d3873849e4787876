"""Reading a data set's manifest, data_manifests/NAME.yaml, every key of it checked."""

import re
from pathlib import Path

import yaml

from invlib.data.description import (
    IDX,
    KINDS,
    Citation,
    DataFile,
    Manifest,
    Rows,
    Split,
)
from invlib.data.fields import Fields
from invlib.errors import InvlibError, unknown
from invlib.settings import Settings


def names(settings: Settings) -> list[str]:
    """The data sets that have a manifest."""
    return sorted(path.stem for path in settings.manifests_dir.glob("*.yaml"))


def read(name: str, settings: Settings) -> Manifest:
    """The manifest of a data set, every key of it checked."""
    if name not in names(settings):
        raise unknown("data set", name, names(settings), f"(looked in {settings.manifests_dir})")
    path = settings.manifests_dir / f"{name}.yaml"
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError, ValueError, RecursionError) as error:
        raise InvlibError(
            f"{path} is not a plain YAML file: {' '.join(str(error).split())}"
        ) from error
    return _manifest(name, Fields(raw, str(path)))


def _manifest(name: str, fields: Fields) -> Manifest:
    manifest = Manifest(
        name=name,
        title=fields.text("title"),
        version=fields.text("version"),
        licence=fields.text("licence"),
        homepage=fields.text("homepage"),
        citation=_citation(fields.fields("citation")),
        kind=fields.text("kind"),
        folder=fields.text("folder"),
        sources=fields.texts("sources"),
        files=tuple(_file(*item) for item in fields.each("files")),
        pixel_max=fields.whole("pixel_max"),
        classes=fields.texts("classes"),
        splits=tuple(_split(*item) for item in fields.each("splits")),
        errata=fields.texts("errata"),
        by_hand=fields.text("by_hand"),
    )
    fields.done()
    _check_together(manifest, fields)
    return manifest


def _citation(fields: Fields) -> Citation:
    citation = Citation(
        authors=fields.texts("authors"),
        year=fields.whole("year"),
        title=fields.text("title"),
        venue=fields.text("venue"),
        url=fields.text("url"),
    )
    fields.done()
    return citation


def _file(name: str, fields: Fields) -> DataFile:
    file = DataFile(
        name=name,
        bytes=fields.whole("bytes"),
        content_bytes=fields.whole("content_bytes"),
        sha256=fields.text("sha256"),
    )
    fields.done()
    if not re.fullmatch(r"[0-9a-f]{64}", file.sha256):
        raise fields.refuse("sha256", "64 hexadecimal digits, in quotes")
    if not re.fullmatch(r"\w[\w.-]*", name):
        raise InvlibError(f"{fields.file}: {name!r} must be a plain file name, without a folder.")
    return file


def _split(name: str, fields: Fields) -> Split:
    split = Split(
        name=name,
        images=fields.text("images"),
        labels=fields.text("labels"),
        rows=_rows(fields.fields("rows")) if fields.has("rows") else None,
        shape=fields.wholes("shape"),
        count=fields.whole("count"),
        per_class=fields.wholes("per_class"),
    )
    fields.done()
    if len(split.shape) != 2:
        raise fields.refuse("shape", "a height and a width")
    if sum(split.per_class) != split.count:
        raise fields.refuse("per_class", f"counts that add up to {split.count}")
    return split


def _rows(fields: Fields) -> Rows:
    rows = Rows(every=fields.whole("every"), keep=fields.wholes("keep"))
    fields.done()
    if not all(index < rows.every for index in rows.keep):
        raise fields.refuse("keep", f"remainders below {rows.every}")
    return rows


def _check_together(manifest: Manifest, fields: Fields) -> None:
    """Refuse values that are fine one by one but not together."""
    if manifest.kind not in KINDS:
        raise unknown("kind", manifest.kind, KINDS, f"in {fields.file}")
    if Path(manifest.folder).is_absolute() or ".." in Path(manifest.folder).parts:
        raise fields.refuse("folder", "a relative folder without '..'")
    fetched = manifest.kind == IDX
    if fetched != bool(manifest.sources) or not all(map(_is_base, manifest.sources)):
        raise fields.refuse("sources", "http(s) addresses that end in '/'; none if bundled")
    if not manifest.files:
        raise fields.refuse("files", "at least one file")
    if manifest.pixel_max == 0:
        raise fields.refuse("pixel_max", "1 or more")
    for split in manifest.splits:
        for name in (split.images, split.labels):
            if name not in [file.name for file in manifest.files]:
                raise unknown("file", name, [f.name for f in manifest.files], f"in {fields.file}")
        if len(split.per_class) != len(manifest.classes):
            raise fields.refuse("classes", f"{len(split.per_class)} names, as split {split.name}")


def _is_base(address: str) -> bool:
    return re.fullmatch(r"https?://\S+/", address) is not None
