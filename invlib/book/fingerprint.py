"""What an executed notebook depends on, as one hash: when it changes, the notebook runs again."""

import functools
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from invlib.data.manifest import read as read_manifest
from invlib.experiment import RANDOM, digest
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
            "data": {name: read_manifest(name, settings).checksum for name in sorted(data)},
            "pins": files_hash([settings.root / "requirements.txt"]),
            "published": published_hash(notebook, settings),
            "claims and reference": files_hash(_beside(notebook)),
            "compute": settings.compute,
        }
    )


def published_hash(notebook: Notebook, settings: Settings) -> str:
    """The state of the published records of a notebook's paper."""
    folder = settings.published_dir / notebook.name.split("/")[0]
    return files_hash(sorted(folder.rglob("*.json")))


def _beside(notebook: Notebook) -> list[Path]:
    references = sorted((notebook.path.parent / "reference").glob("*.csv"))
    return [notebook.claims_path, *references]


def files_hash(paths: list[Path]) -> str:
    """One hash over names and contents."""
    total = hashlib.sha256()
    for path in paths:
        if path.is_file():
            state = path.stat()
            total.update(f"{path.name}\n".encode())
            total.update(_content(path, state.st_mtime_ns, state.st_size, state.st_ino))
    return total.hexdigest()


@functools.cache
def _content(path: Path, _changed: int, _size: int, _number: int) -> bytes:
    """A file's checksum, once per state of it: every page asks for all records of its paper."""
    return hashlib.sha256(path.read_bytes()).digest()
