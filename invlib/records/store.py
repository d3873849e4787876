"""A folder of records: `<run>.json` with the numbers, `<run>.npz` with curves and arrays.

The arrays are renamed into place first and the JSON, which holds their checksum, last: a record
exists when its JSON does, and a kill at any instant leaves either all of it or none.
"""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np

from invlib.files import atomic_path, sha256, write_text
from invlib.records.record import Record, Run

FORMAT = 1


class Store:
    """Records in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def json_path(self, run: Run) -> Path:
        return self.folder / f"{run.path}.json"

    def write(self, record: Record) -> None:
        """Keep a record, whole or not at all."""
        path = self.json_path(record.run)
        arrays = {f"curve/{name}": values for name, values in record.curves.items()}
        arrays |= {f"array/{name}": values for name, values in record.arrays.items()}
        checksum = ""  # a record of mere numbers has no arrays
        if arrays:
            with atomic_path(path.with_suffix(".npz")) as temporary:
                with temporary.open("wb") as file:
                    np.savez_compressed(file, **arrays)
                checksum = sha256(temporary)
        content = {
            "format": FORMAT,
            "key": record.run.key,
            **asdict(record.run),
            "metrics": dict(record.metrics),
            "arrays_sha256": checksum,
            "provenance": dict(record.provenance),
        }
        write_text(path, json.dumps(content, indent=1, allow_nan=False) + "\n")

    def read(self, run: Run) -> Record | None:
        """The record of a run, or None where there is none that is whole and of this run."""
        return self._read(self.json_path(run), run.key)

    def remove(self, run: Run) -> None:
        """Forget a run: its JSON first, so that no half record stays."""
        path = self.json_path(run)
        path.unlink(missing_ok=True)
        path.with_suffix(".npz").unlink(missing_ok=True)

    def _read(self, path: Path, key: str) -> Record | None:
        """A damaged file counts as absent: the run is then computed again, never half believed."""
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            if content["format"] != FORMAT or content["key"] != key:
                return None
            curves, arrays = _arrays(path.with_suffix(".npz"), content["arrays_sha256"])
            return Record(_run(content), content["metrics"], curves, arrays, content["provenance"])
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (ValueError, KeyError, TypeError):
            return None


def _run(content: dict) -> Run:
    names = ("experiment", "label", "config", "seed", "data", "data_checksum")
    return Run(**{name: content[name] for name in names})


def _arrays(path: Path, checksum: str) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """The curves and the other arrays of a record, never as pickles."""
    if not checksum:
        return {}, {}
    if sha256(path) != checksum:
        raise ValueError(f"{path} is not the file that the record was written with")
    with np.load(path, allow_pickle=False) as file:
        split = {name: name.split("/", 1) for name in file.files}
        curves = {name: file[full] for full, (kind, name) in split.items() if kind == "curve"}
        arrays = {name: file[full] for full, (kind, name) in split.items() if kind == "array"}
    return curves, arrays
