"""A verb run in this process, with folders of its own and no variable of the shell."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import papermill
import pytest

from invlib.cli.main import main
from invlib.settings import CHECKOUT


@dataclass
class Answer:
    """What a verb said, and how it ended."""

    status: int
    out: str
    err: str

    @property
    def message(self) -> list[str]:
        """The error, in lines."""
        return self.err[self.err.index("invlib: ") :].splitlines()


@dataclass
class Folders:
    """Where the verb finds and puts things."""

    root: Path
    runs: Path
    data: Path
    published: Path


@pytest.fixture(autouse=True)
def clean_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of the shell reaches a verb."""
    for name in [name for name in os.environ if name.startswith("INVLIB_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """The real checkout to read from; what is written goes elsewhere."""
    return Folders(CHECKOUT, tmp_path / "runs", tmp_path / "data", tmp_path / "published")


@pytest.fixture
def own_root(folders: Folders, tmp_path: Path) -> Path:
    """A root with copies of the notebooks and manifests, for what is written there."""
    folders.root = tmp_path / "root"
    for name in ("notebooks", "data_manifests"):
        shutil.copytree(CHECKOUT / name, folders.root / name)
    return folders.root


@pytest.fixture
def invlib(folders, monkeypatch, capsys) -> Callable[..., Answer]:
    def run(*words: str) -> Answer:
        monkeypatch.setenv("INVLIB_ROOT", str(folders.root))
        monkeypatch.setenv("INVLIB_RUNS", str(folders.runs))
        monkeypatch.setenv("INVLIB_DATA", str(folders.data))
        monkeypatch.setenv("INVLIB_PUBLISHED", str(folders.published))
        try:
            status = main(words)
        except SystemExit as leaving:  # argparse
            status = leaving.code
        return Answer(status, *capsys.readouterr())

    return run


@pytest.fixture
def no_kernel(monkeypatch) -> None:
    """Fail a test in which papermill is asked to execute a notebook."""

    def started(*_: object, **__: object) -> None:
        pytest.fail("a kernel was about to start")

    monkeypatch.setattr(papermill, "execute_notebook", started)
