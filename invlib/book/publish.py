"""Move what the paper profile computed into the folder of published records, which is in git."""

import shutil
from collections.abc import Sequence

from invlib.files import atomic_path
from invlib.records.memo import local_store, published_store, recall
from invlib.records.record import Run
from invlib.settings import Settings
from invlib.studies.notebook import Notebook, all_notebooks
from invlib.studies.study import batches


def publish(notebooks: Sequence[Notebook], settings: Settings) -> int:
    """Copy the fresh local records of these notebooks; returns how many were copied.

    Then remove published records that no notebook's paper profile asks for any more.
    """
    local, published = local_store(settings), published_store(settings)
    copied = 0
    for run, source in _planned(notebooks, settings):
        known = recall(run, source, settings)
        if known is None or known.origin != "local":
            continue
        for ending in (".npz", ".json"):  # the JSON last: a record exists when its JSON does
            target = published.json_path(run).with_suffix(ending)
            with atomic_path(target) as temporary:
                shutil.copyfile(local.json_path(run).with_suffix(ending), temporary)
        copied += 1
    _remove_unasked(settings)
    return copied


def _planned(notebooks: Sequence[Notebook], settings: Settings) -> list[tuple[Run, str]]:
    work = [b for n in notebooks for b in batches(n.study(), n.config("paper"), settings)]
    return [(run, batch.source) for batch in work for run in batch.runs]


def _remove_unasked(settings: Settings) -> None:
    asked = {run.path for run, _ in _planned(all_notebooks(settings), settings)}
    for path in settings.published_dir.rglob("*.json"):
        if str(path.relative_to(settings.published_dir).with_suffix("")) not in asked:
            path.unlink()
            path.with_suffix(".npz").unlink(missing_ok=True)
