"""Move what the paper profile computed into the folder of published records, which is in git."""

from collections.abc import Iterator, Sequence

from invlib.records.memo import local_store, published_store
from invlib.records.record import Run
from invlib.settings import Settings
from invlib.studies.notebook import Notebook, all_notebooks
from invlib.studies.study import batches


def lacks_records(notebook: Notebook, settings: Settings) -> bool:
    """Whether a run of its paper profile is neither published nor known here, or only stale."""
    work = batches(notebook.study(), notebook.config("paper"), settings)
    return any(batch.missing() for batch in work)


def publish(notebooks: Sequence[Notebook], settings: Settings) -> int:
    """Copy the fresh local records of these notebooks that are not published yet; counts them."""
    local, published = local_store(settings), published_store(settings)
    copied = 0
    for run, source in _planned(notebooks, settings):
        mine, theirs = local.read(run), published.read(run)
        fresh = mine is not None and mine.provenance["source"] == source
        if fresh and (theirs is None or theirs.provenance["source"] != source):
            published.write(mine)
            copied += 1
    return copied


def remove_unasked(settings: Settings) -> None:
    """Remove published records that no notebook's paper profile asks for any more.

    By file name, not by content: one that a bad merge left unreadable goes too, and what a killed
    run left half-written.
    """
    folder = settings.published_dir
    asked = {folder / f"{run.path}.json" for run, _ in _planned(all_notebooks(settings), settings)}
    for path in sorted(folder.rglob("*")):  # .json before .npz: no half record stays
        if path.suffix in (".json", ".npz", ".tmp") and path.with_suffix(".json") not in asked:
            path.unlink()


def _planned(notebooks: Sequence[Notebook], settings: Settings) -> Iterator[tuple[Run, str]]:
    """Every run of the notebooks at profile paper, with the hash of the source it depends on."""
    for notebook in notebooks:
        for batch in batches(notebook.study(), notebook.config("paper"), settings):
            yield from ((run, batch.source) for run in batch.runs)
