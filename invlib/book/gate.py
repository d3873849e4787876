"""What may stand in a book: a notebook that ran to its end and is newer than what it rests on."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from invlib.book.ledger import LACKING, Entry
from invlib.book.run_all import Task
from invlib.errors import InvlibError


@dataclass(frozen=True)
class Page:
    """A notebook's place in a book: what to show, and the banner that it must carry."""

    task: Task
    entry: Entry | None  # the success that is shown; None where there has never been one
    banner: str

    @property
    def name(self) -> str:
        return self.task.place.notebook.name


def admit(
    books: Mapping[str, Sequence[Task]], excused: Collection[str] = ()
) -> dict[str, list[Page]]:
    """One page per task; a notebook that is missing, failed or out of date stops the build.

    One that is excused, by name, stands in the book with a banner that says what is wrong; so does
    one whose paper runs are declared to be still to come.
    """
    pages = {book: [_page(task) for task in tasks] for book, tasks in books.items()}
    refused = [
        f"{page.name} ({page.task.place.folder.name}): {page.banner}"
        for book in pages.values()
        for page in book
        if page.banner
        and page.name not in excused
        and not (_only_old_records(page) or _to_come(page.task))
    ]
    if refused:
        raise InvlibError(
            "the book was not built; the earlier one, if any, is untouched.\n  "
            + "\n  ".join(refused)
            + "\nMend it, or build with --allow-stale to show such pages with a banner."
        )
    return pages


def _page(task: Task) -> Page:
    last, done = task.place.last(), task.place.done()
    if task.current():
        return Page(task, done, _stale_banner(done))
    if _to_come(task):
        return Page(task, None, "its runs at the scale of the paper are still to be made")
    if _lacks(last):
        problem = "the published records lack runs of this page; compute them with: make paper"
    elif last is not None and last.state == "failed":
        problem = f"its last execution failed: {last.error}"
    else:
        problem = (
            "it has changed since it was last executed" if done else "it has not been executed"
        )
    return Page(task, done, problem)


def _stale_banner(entry: Entry) -> str:
    if not entry.stale_records:
        return ""
    return (
        f"{entry.stale_records} of {len(entry.records)} records on this page are stale: the source "
        "that made them has changed since"
    )


def _only_old_records(page: Page) -> bool:
    """Published records of older source are shown, marked; they do not stop the build."""
    return page.entry is not None and page.banner == _stale_banner(page.entry) != ""


def _to_come(task: Task) -> bool:
    """Declared in the profiles file, and true: nothing of it can be shown yet."""
    return task.place.notebook.pending and _lacks(task.place.last())


def _lacks(entry: Entry | None) -> bool:
    return entry is not None and entry.state == LACKING
