"""What is known of each executed notebook: a small JSON file beside it, written last."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from invlib.experiment import digest
from invlib.files import write_text
from invlib.settings import Settings
from invlib.studies.notebook import Notebook

LACKING = "lacking records"


@dataclass(frozen=True)
class Entry:
    """How the last execution of a notebook in one slot went."""

    notebook: str
    profile: str
    parameters: Mapping[str, Any]
    fingerprint: str
    state: str  # done, failed or LACKING
    seconds: float
    finished: str
    commit: str
    dirty: bool
    packages: Mapping[str, str]
    error: str = ""
    records: list[Mapping[str, Any]] = field(default_factory=list)  # path, origin, stale

    @property
    def stale_records(self) -> int:
        return sum(record["stale"] for record in self.records)


@dataclass(frozen=True)
class Slot:
    """Where an execution is kept: `quick`, `paper`, `published`, or a name of its own."""

    folder: Path
    notebook: Notebook

    @property
    def executed(self) -> Path:
        return self.folder / f"{self.notebook.name}.ipynb"

    @property
    def failed(self) -> Path:
        return self.folder / f"{self.notebook.name}.failed.ipynb"

    @property
    def log(self) -> Path:
        return self.folder / f"{self.notebook.name}.log"

    def last(self) -> Entry | None:
        """The last attempt, whatever came of it."""
        return _read(self.folder / f"{self.notebook.name}.json")

    def done(self) -> Entry | None:
        """The last attempt that succeeded, if its notebook is still there."""
        entry = _read(self.folder / f"{self.notebook.name}.done.json")
        return entry if self.executed.is_file() else None

    def keep(self, entry: Entry) -> None:
        text = json.dumps(asdict(entry), indent=1, allow_nan=False) + "\n"
        if entry.state == "done":
            write_text(self.folder / f"{self.notebook.name}.done.json", text)
        write_text(self.folder / f"{self.notebook.name}.json", text)


def slot(name: str, notebook: Notebook, settings: Settings) -> Slot:
    return Slot(settings.runs_dir / "executed" / name, notebook)


def custom_slot_name(profile: str, values: Mapping[str, Any]) -> str:
    """A folder name for a run with changed parameters: the same ones find the same folder."""
    return f"{profile}-{digest(dict(values))[:8]}"


def _read(path: Path) -> Entry | None:
    try:
        return Entry(**json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValueError, TypeError):
        return None  # damaged, or written by another version: as if it had never run
