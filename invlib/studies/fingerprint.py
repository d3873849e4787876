"""What an executed notebook depends on, as one hash: when it changes, the notebook runs again."""

import functools
import hashlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from invlib.data.manifest import read as read_manifest
from invlib.experiment import RANDOM, digest
from invlib.files import written
from invlib.records.source import imported_by, source_hash
from invlib.settings import Settings
from invlib.studies.notebook import Notebook


def fingerprint(notebook: Notebook, values: Mapping[str, Any], settings: Settings) -> str:
    """The notebook, its parameters, the source that it reaches, its data, the pins, its claims."""
    data = {*notebook.data.values(), values.get("dataset", "")} - {"", RANDOM}
    return digest(
        {
            "notebook": notebook.path.read_text(encoding="utf-8"),
            "parameters": dict(values),
            "source": source_hash(*imported_by(notebook.path), notebook.study_module),
            "data": {name: _data_checksum(name, settings) for name in sorted(data)},
            "pins": files_hash([settings.root / "requirements.txt"]),
            "published": published_hash(notebook, settings),
            "claims and reference": files_hash(_beside(notebook)),
            "compute": settings.compute,
        }
    )


def published_hash(notebook: Notebook, settings: Settings) -> str:
    """The state of the published records of a notebook's paper."""
    top = settings.published_dir / notebook.name.split("/")[0]
    files = [f"{folder}/{name}" for folder, _, names in os.walk(top) for name in names]
    return files_hash(sorted(file for file in files if file.endswith((".json", ".npz"))))


def _beside(notebook: Notebook) -> list[Path]:
    references = sorted((notebook.path.parent / "reference").glob("*.csv"))
    return [notebook.claims_path, *references]


def _data_checksum(name: str, settings: Settings) -> str:
    return _read_checksum(name, settings, written(settings.manifests_dir / f"{name}.yaml"))


@functools.cache
def _read_checksum(name: str, settings: Settings, _written: tuple | None) -> str:
    return read_manifest(name, settings).checksum


def files_hash(paths: Iterable[str | Path]) -> str:
    """One hash over names and contents; what is no file does not count."""
    total = hashlib.sha256()
    for path in paths:
        if state := written(path):
            total.update(f"{os.path.basename(path)}\n".encode())
            total.update(_content(path, state))
    return total.hexdigest()


@functools.cache
def _content(path: str | Path, _written: tuple) -> bytes:
    """A file's checksum, once per state of it: every page asks for all records of its paper."""
    return hashlib.sha256(Path(path).read_bytes()).digest()
