"""What a page owes its reader: which book it is in, its twin, alt text, provenance, downloads."""

import ast
import json
import re
import tempfile
from pathlib import Path

import nbformat
import pytest

from invlib.settings import CHECKOUT, from_environment
from invlib.studies.notebook import all_notebooks

WHICH = {
    "paper": "Published results at the scale of the papers",
    "quick": "this machine has just run",
}
PROVENANCE = re.compile(
    r"^(?P<notebook>\S+) · data [\w ]+(, [\w ]+)* · \d+ runs over \d+ seeds"
    r" · commit [0-9a-f]{8}\b[^·]* · \d+\.\d s · parameters and records"
)
READABLE = {".html", ".json", ".ipynb", ".py", ".js", ".css", ".txt", ".svg", ".yaml"}


@pytest.fixture(scope="module")
def notebooks() -> list[str]:
    return [notebook.name for notebook in all_notebooks(from_environment())]


def without_results(page) -> bool:
    """Whether its paper runs are declared to be still to come."""
    pending = [n.name for n in all_notebooks(from_environment()) if n.pending]
    record_pages = [f"made/records/{name.replace('/', '-')}" for name in pending]
    return page.book == "paper" and page.name in (*pending, *record_pages)


def test_every_notebook_has_a_page_in_both_books(pages, notebooks):
    titles = {page.title for page in pages}
    assert notebooks
    assert {title for name in notebooks for title in (name, f"quick/{name}")} <= titles


def test_every_page_says_which_book_it_is_in_and_leads_to_its_twin(pages):
    for page in pages:
        (bar,) = page.html(class_="inv-page-bar")
        assert WHICH[page.book] in bar.get_text(), page.title
        twin = (page.path.parent / bar.a["href"]).resolve()
        (other,) = [other for other in pages if other.path == twin]
        assert (other.name, other.book != page.book) == (page.name, True), page.title


def test_every_picture_is_described(pages):
    described = 0
    for page in pages:
        for image in page.html("img"):
            assert len(image.get("alt", "").split()) >= 3, f"{page.title}: {image.get('src')}"
        for figure in page.html("figure", class_="inv-figure"):
            for drawing in figure("svg"):
                described += 1
                assert drawing["role"] == "img", f"{page.title}: {figure.get('id')}"
                assert len(drawing["aria-label"].split()) >= 5, f"{page.title}: {figure.get('id')}"
    assert described > 0


def test_every_figure_and_table_says_where_it_comes_from(pages, notebooks):
    seen = 0
    for page in pages:
        if page.name not in notebooks or without_results(page):
            continue
        for figure in page.html("figure", class_="inv-figure"):
            where = f"{page.title}: {figure.get('id')}"
            (line,) = figure.figcaption(class_="inv-provenance")
            records = f"made/records/{page.name.replace('/', '-')}.html"
            assert line.a["href"].endswith(records), where
            if figure.find(class_="inv-claims"):
                continue  # the front book's records in either book; each row has its n and profile
            seen += 1
            found = PROVENANCE.match(line.get_text())
            assert found, f"{where}: {line.get_text()}"
            assert found["notebook"] == page.name, where
            assert (page.path.parent / line.a["href"]).resolve().is_relative_to(page.folder)
    assert seen >= 2 * len(notebooks)


def test_every_notebook_is_offered_as_source_and_as_executed(pages, notebooks):
    for page in pages:
        if page.name not in notebooks or without_results(page):
            continue
        source, executed = (
            page.path.parent / link["href"] for link in page.html.select(".inv-downloads a")
        )
        written = (CHECKOUT / "notebooks" / f"{page.name}.py").read_text(encoding="utf-8")
        assert source.read_text(encoding="utf-8") == written
        ast.parse(written)
        notebook = nbformat.read(executed, as_version=4)
        nbformat.validate(notebook)
        code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source]
        assert all(cell.execution_count for cell in code), page.title
        assert any(cell.outputs for cell in code), page.title


def test_a_record_page_lists_records_that_are_there(pages, notebooks):
    for page in pages:
        if page.name not in {f"made/records/{name.replace('/', '-')}" for name in notebooks}:
            continue
        if without_results(page):
            continue
        links = [tag["href"] for tag in page.html.select("table a") if "results/" in tag["href"]]
        assert len(links) == len(set(links)) > 0, page.title
        for link in links:
            record = json.loads((page.path.parent / link).read_text(encoding="utf-8"))
            assert record["metrics"] or record["arrays_sha256"], link


def test_no_page_names_a_folder_of_this_machine(book):
    """Not the checkout, not the home folder, not the temporary one: pages travel."""
    folders = {str(CHECKOUT), str(Path.home()), tempfile.gettempdir(), "/tmp"} - {"/"}
    private = re.compile("|".join(rf"(?<![\w.]){re.escape(folder)}/" for folder in folders))
    named = []
    for path in sorted(book.rglob("*")):
        if path.suffix in READABLE and "mathjax" not in path.parts:
            for found in private.finditer(path.read_text(encoding="utf-8")):
                text = found.string[found.start() : found.start() + 80].splitlines()[0]
                named.append(f"{path.relative_to(book)}: {text}")
    assert private.search(f"in {CHECKOUT}/book")
    assert not named, "\n".join(named)
