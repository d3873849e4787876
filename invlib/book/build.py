"""The whole way from notebooks to two linked books, under a lock, swapped in when whole."""

import concurrent.futures
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from invlib.book.gate import Page, admit
from invlib.book.ledger import slot
from invlib.book.run_all import Advance, Report, Task, run_all
from invlib.book.site import assemble, build
from invlib.errors import InvlibError
from invlib.files import lock
from invlib.settings import Settings
from invlib.studies.notebook import Notebook, all_notebooks, select


def build_books(
    settings: Settings,
    *,
    profile: str = "quick",
    only: str | None = None,
    jobs: int = 1,
    allow_stale: bool = False,
    report: Report = print,
    advance: Advance = lambda done, total: None,
) -> Path:
    """Run what changed and build both books; returns the front book's index.html."""
    chosen = select(settings, only)
    holder = settings.build_dir / "lock"
    with lock(holder, waiting=lambda who: report(f"another build, {who}, is at work; waiting")):
        if profile == "paper":
            _compute_and_publish(chosen, settings, jobs, report, advance)
        wanted = tasks_of_books(chosen, settings)
        run_all([*wanted["quick"], *wanted["paper"]], jobs, report, advance)
        everything = all_notebooks(settings)
        # What was not asked for stands as it is, with a banner if that is out of date.
        asked = {notebook.name for notebook in chosen} if not allow_stale else set()
        excused = {notebook.name for notebook in everything} - asked
        pages = admit(tasks_of_books(everything, settings), excused)
        return _build_and_swap(pages, settings, report)


def tasks_of_books(notebooks: Sequence[Notebook], settings: Settings) -> dict[str, list[Task]]:
    """What the front book (`paper`) and the quick book show of these notebooks."""
    recall_only = settings.but(compute="never")
    front = [Task(slot("published", n, settings), "paper", recall_only) for n in notebooks]
    quick = [Task(slot("quick", n, settings), "quick", settings) for n in notebooks]
    return {"paper": front, "quick": quick}


def _compute_and_publish(
    notebooks: Sequence[Notebook],
    settings: Settings,
    jobs: int,
    report: Report,
    advance: Advance,
) -> None:
    from invlib.book.publish import lacks_records, publish, remove_unasked

    lacking = [notebook for notebook in notebooks if lacks_records(notebook, settings)]
    tasks = [Task(slot("paper", n, settings), "paper", settings) for n in lacking]
    entries = run_all(tasks, jobs, report, advance, force=True)
    failed = {entry.notebook for entry in entries if entry.state != "done"}
    finished = [notebook for notebook in notebooks if notebook.name not in failed]
    report(f"{publish(finished, settings)} records published in {settings.published_dir}")
    if failed:
        raise InvlibError(
            f"failed at profile paper: {', '.join(sorted(failed))}. The book was not built, and no "
            "published record was removed."
        )
    remove_unasked(settings)


def _build_and_swap(pages: dict[str, list[Page]], settings: Settings, report: Report) -> Path:
    """Build the books that changed, side by side, and put them in place in one rename."""
    from invlib.claims.verdict import all_verdicts

    work, html = settings.build_dir / "work", settings.build_dir / "html"
    verdicts = all_verdicts(settings)
    stale, marks = [], {}
    for book in pages:
        marks[book] = assemble(book, pages[book], verdicts, work / book, settings)
        built = work / f"{book}-site" / "built"
        if not built.is_file() or built.read_text() != marks[book]:
            stale.append(book)
    if not stale and (html / "index.html").is_file():
        return html / "index.html"
    report(f"building the book: {' and '.join(stale) or 'putting it in place'}")
    with concurrent.futures.ThreadPoolExecutor() as pool:
        list(pool.map(lambda book: build(work / book, work / f"{book}-site"), stale))
    for book in stale:
        (work / f"{book}-site" / "built").write_text(marks[book])
    fresh, old = settings.build_dir / "html.new", settings.build_dir / "html.old"
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
    _link_tree(work / "paper-site" / "_build" / "html", fresh)
    _link_tree(work / "quick-site" / "_build" / "html", fresh / "quick")
    if html.exists():
        html.rename(old)
    fresh.rename(html)
    shutil.rmtree(old, ignore_errors=True)
    return html / "index.html"


def _link_tree(source: Path, target: Path) -> None:
    """A copy that shares its files with the source, which is replaced as a whole, never edited."""
    shutil.copytree(source, target, copy_function=os.link)
