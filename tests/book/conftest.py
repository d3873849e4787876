"""A miniature checkout: this library, two toy notebooks and a tiny book, in a temporary folder.

It is driven as people drive the real one, by `python -m invlib` in a process of its own, so a test
may edit any file of it, the library's included.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from invlib.book import forked_kernel
from invlib.settings import CHECKOUT

TINY = Path(__file__).with_name("tiny")
SHARED = ("invlib", "data_manifests", "requirements.txt")
SHARED_BOOK = ("_config.yml", "_static", "references.bib")
PATIENCE = 120  # seconds; nothing here takes a quarter of that on a free machine


@dataclass
class Answer:
    """What a command said, and how it ended."""

    status: int
    out: str
    err: str


@dataclass
class Checkout:
    """A folder that holds a checkout of its own."""

    root: Path

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of the shell's INVLIB_*; the library of this folder before the installed one."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("INVLIB_")}
        return inherited | {"PYTHONPATH": str(self.root), "INVLIB_DATA": str(self.root / "data")}

    def start(
        self, *words: str, program: tuple[str, ...] = ("-m", "invlib"), **options: object
    ) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, *program, *words],
            **{"cwd": self.root, "env": self.environment, **options},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def invlib(self, *words: str, **options: object) -> Answer:
        return _finish(self.start(*words, **options))

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.root / name
        text = path.read_text()
        assert old in text, f"{old!r} is not in {name}"
        path.write_text(text.replace(old, new))

    def executed(self, slot: str, notebook: str) -> Path:
        """The executed notebook; its neighbours say the rest."""
        return self.root / "runs" / "executed" / slot / f"{notebook}.ipynb"

    def ledger(self, slot: str, notebook: str) -> dict:
        return json.loads(self.executed(slot, notebook).with_suffix(".json").read_text())

    def page(self, name: str) -> str:
        return (self.root / "_build" / "html" / f"{name}.html").read_text()

    @property
    def published(self) -> Path:
        return self.root / "book" / "results"

    def outdated(self) -> set[tuple[str, str]]:
        """Which notebooks would run again, in which of the two books, by the verb `status`."""
        lines = self.invlib("status").out.splitlines()[1:]
        return {tuple(line.split()[:2]) for line in lines if "sources have changed" in line}

    def kernels(self) -> list[dict]:
        """A note on every kernel that ran to its end since `forget_kernels`."""
        notes = (self.root / "kernels.jsonl").read_text()
        return [json.loads(line) for line in notes.splitlines()]

    def ran(self) -> list[tuple[str, str]]:
        """Notebook and kind of those kernels: quick, paper, or published for the front book."""
        return sorted(
            (k["notebook"], "published" if k["compute"] == "never" else k["profile"])
            for k in self.kernels()
        )

    def forget_kernels(self) -> None:
        (self.root / "kernels.jsonl").write_text("")


def _finish(process: subprocess.Popen[str]) -> Answer:
    out, err = process.communicate(timeout=PATIENCE)
    return Answer(process.returncode, out, err)


def _kernels_of(process: subprocess.Popen[str]) -> list[psutil.Process]:
    found = []
    for child in psutil.Process(process.pid).children(recursive=True):
        try:
            if child.name() == forked_kernel.NAME or "ipykernel_launcher" in child.cmdline():
                found.append(child)
        except psutil.NoSuchProcess:  # it ended while we looked
            continue
    return found


@pytest.fixture(scope="session")
def finish() -> Callable[[subprocess.Popen[str]], Answer]:
    """Waits for a command that was started."""
    return _finish


@pytest.fixture(scope="session")
def kernels_of() -> Callable[[subprocess.Popen[str]], list[psutil.Process]]:
    """The kernels that a running command has started."""
    return _kernels_of


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Checkout, Answer]:
    """A checkout after `invlib book --profile paper` from nothing, to be looked at only.

    The folder's name has what shells and templates trip over.
    """
    root = tmp_path_factory.mktemp("checkout") / "my $HOME, née"
    ignored = shutil.ignore_patterns("__pycache__", "study")
    shutil.copytree(TINY, root, ignore=ignored)
    for name in (*SHARED, *(f"book/{name}" for name in SHARED_BOOK)):
        source, target = CHECKOUT / name, root / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=ignored)
        else:
            shutil.copy2(source, target)
    shutil.copytree(TINY / "study", root / "invlib" / "studies" / "toy", ignore=ignored)
    checkout = Checkout(root)
    checkout.forget_kernels()
    answer = checkout.invlib("book", "--profile", "paper")
    assert answer.status == 0, answer.err
    return checkout, answer


@pytest.fixture
def copy_of_built(built: tuple[Checkout, Answer], tmp_path: Path) -> Callable[..., Checkout]:
    def copy(*left_out: str) -> Checkout:
        source, target = built[0].root, tmp_path / "checkout"
        tops = [path for path in source.iterdir() if path.name not in left_out]
        target.mkdir()
        for path in tops:
            if path.is_dir():
                shutil.copytree(path, target / path.name)
            else:
                shutil.copy2(path, target / path.name)
        checkout = Checkout(target)
        checkout.forget_kernels()
        return checkout

    return copy


@pytest.fixture
def tiny(copy_of_built: Callable[..., Checkout]) -> Checkout:
    """A checkout in which everything has run, without the built book."""
    return copy_of_built("_build")


@pytest.fixture
def tiny_with_book(copy_of_built: Callable[..., Checkout]) -> Checkout:
    """The same with the built book."""
    return copy_of_built()
