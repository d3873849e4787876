"""One of the two books: its sources put together in a folder, then built by Jupyter Book."""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib.metadata import files as files_of
from pathlib import Path

import yaml

from invlib.book import pages as generated
from invlib.book.gate import Page
from invlib.claims.verdict import Verdict
from invlib.data.manifest import names, read
from invlib.errors import InvlibError
from invlib.settings import Settings
from invlib.studies.fingerprint import files_hash
from invlib.yaml_text import parse_yaml

MATHJAX = "tex-svg-full.js"


def assemble(
    book: str, pages: Sequence[Page], verdicts: Sequence[Verdict], folder: Path, settings: Settings
) -> str:
    """Write the sources of a book into `folder`; returns a hash of all that it is built from."""
    shutil.rmtree(folder, ignore_errors=True)
    ignored = shutil.ignore_patterns("results", "_build", ".*")
    shutil.copytree(settings.root / "book", folder, ignore=ignored)
    _write_pages(book, pages, verdicts, folder, settings)
    _write_extra(pages, folder / "extra", settings)
    site = {
        "book": book,
        "pages": {
            page.name: {"banner": page.banner, "executed": page.entry is not None} for page in pages
        },
    }
    _write(folder / "site.json", json.dumps(site))
    _write_config(folder)
    _write_toc(pages, folder)
    sources = sorted(path for path in folder.rglob("*") if path.is_file())
    builders = sorted(Path(__file__).parent.glob("*.py"))
    pins = settings.root / "requirements.txt"
    return files_hash([*sources, *builders, pins])


def build(folder: Path, output: Path) -> None:
    """Run Jupyter Book on assembled sources, from nothing, warnings as errors."""
    for earlier in output.parent.glob(f"{output.name}.*/"):
        shutil.rmtree(earlier, ignore_errors=True)
    # A folder of its own: a Jupyter Book that outlived its killed parent may still write to its.
    fresh = Path(tempfile.mkdtemp(prefix=f"{output.name}.", dir=output.parent))
    command = [
        *(sys.executable, "-c", "from jupyter_book.cli.main import main; main()"),
        *("build", str(folder)),
        *("--path-output", str(fresh), "--all", "-W", "-n", "--keep-going", "--quiet"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode or not (fresh / "_build" / "html" / "index.html").is_file():
        log = output.with_suffix(".log")
        log.write_text(_plain(done.stdout + done.stderr), encoding="utf-8")
        raise InvlibError(f"Jupyter Book {_trouble(done, log, folder.name)}\nLog: {log}")
    shutil.rmtree(output, ignore_errors=True)
    fresh.rename(output)


def _trouble(done: subprocess.CompletedProcess[str], log: Path, book: str) -> str:
    if done.returncode < 0:
        return f"was killed by signal {-done.returncode} (out of memory?) at the {book} book."
    lines = log.read_text(encoding="utf-8").splitlines()
    warnings = [line for line in lines if "WARNING" in line or "ERROR" in line]
    return f"refused the {book} book:\n  " + "\n  ".join(warnings[:5] or lines[-5:])


def _plain(text: str) -> str:
    """Without the colours of a terminal."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def _write_pages(
    book: str, pages: Sequence[Page], verdicts: Sequence[Verdict], folder: Path, settings: Settings
) -> None:
    _write(folder / "generated" / "front.md", generated.front(book, pages, verdicts))
    _write(folder / "generated" / "records.md", generated.records_index(pages))
    _write(folder / "made" / "status.md", generated.status(pages))
    manifests = [read(name, settings) for name in names(settings)]
    _write(folder / "made" / "data.md", generated.data(manifests))
    for page in pages:
        name = generated.record_page(page.name)
        _write(folder / "made" / "records" / f"{name}.md", generated.records(page))
        if page.entry is None:
            _write(folder / f"{page.name}.md", generated.without_results(page, verdicts))
        else:
            target = folder / f"{page.name}.ipynb"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(page.task.place.executed, target)


def _write_extra(pages: Sequence[Page], extra: Path, settings: Settings) -> None:
    """Files that the built pages link to as they are: downloads, records, MathJax."""
    for page in pages:
        target = extra / "downloads" / page.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(page.task.place.notebook.path, target.with_suffix(".py"))
        if page.entry is None:
            continue
        shutil.copyfile(page.task.place.executed, target.with_suffix(".ipynb"))
        for record in page.entry.records:
            local = settings.runs_dir / "records"
            store = local if record["origin"] == "local" else settings.published_dir
            for ending in (".json", ".npz"):  # a record of mere numbers has no .npz
                source = (store / record["path"]).with_name(Path(record["path"]).name + ending)
                copy = extra / "results" / (record["path"] + ending)
                if source.is_file():
                    copy.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(source, copy)
    (extra / "mathjax").mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_mathjax(), extra / "mathjax" / MATHJAX)


def _mathjax() -> Path:
    """The one file of MathJax that the pages need, out of the pinned package."""
    for file in files_of("sphinx-mathjax-offline") or []:
        if file.name == MATHJAX:
            return Path(file.locate())
    raise InvlibError(f"{MATHJAX} is not in the package sphinx-mathjax-offline; reinstall it.")


def _write_config(folder: Path) -> None:
    config = parse_yaml((folder / "_config.yml").read_text(encoding="utf-8"))
    config["sphinx"]["config"] |= {
        "invlib_site": str(folder / "site.json"),
        "html_extra_path": ["extra"],
        "mathjax_path": f"../mathjax/{MATHJAX}",
    }
    _write(folder / "_config.yml", yaml.safe_dump(config, sort_keys=False))


def _write_toc(pages: Sequence[Page], folder: Path) -> None:
    """Add the record pages to the table of contents; every notebook must already be there."""
    toc = parse_yaml((folder / "_toc.yml").read_text(encoding="utf-8"))
    chapters = [chapter for part in toc["parts"] for chapter in part["chapters"]]
    listed = {s["file"] for chapter in chapters for s in chapter.get("sections", [])}
    for page in pages:
        if page.name not in listed:
            raise InvlibError(f"book/_toc.yml does not list the notebook {page.name}.")
    for chapter in chapters:
        if chapter["file"] == "made/records":
            names = [generated.record_page(page.name) for page in pages]
            chapter["sections"] = [{"file": f"made/records/{name}"} for name in names]
    _write(folder / "_toc.yml", yaml.safe_dump(toc, sort_keys=False))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
