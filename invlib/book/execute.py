"""Run one notebook headless: checked parameters in, an executed notebook and its ledger out."""

import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from invlib.book.ledger import LACKING, Entry, Slot
from invlib.data.manifest import read as read_manifest
from invlib.data.verify import State, refusal, survey
from invlib.errors import InvlibError
from invlib.experiment import RANDOM
from invlib.files import atomic_path
from invlib.imports import skip_url_grammar
from invlib.records.memo import recall
from invlib.records.provenance import commit, now, package_versions
from invlib.settings import Settings
from invlib.studies.fingerprint import fingerprint
from invlib.studies.notebook import Notebook

if TYPE_CHECKING:  # where nothing is to be run, nobody waits for pandas and Jupyter
    from invlib.book.kernel import Kernels
    from invlib.engine.batch import Batch

LONGEST_SOCKET = 100  # bytes of a path that the system takes, with a few to spare
TOOLS = ("papermill", "jupytext", "jupyter-book", "ipykernel")


def is_current(place: Slot, values: Mapping[str, Any], settings: Settings) -> bool:
    """Whether the slot holds a success of just this notebook, parameters, source and data."""
    return _is_of(place.done(), place, values, settings)


def still_lacks_records(
    place: Slot, profile: str, overrides: Mapping[str, Any], settings: Settings
) -> bool:
    """Whether the slot's last try ended for want of records, and another would end likewise."""
    last, values = place.last(), place.notebook.values(profile, overrides)
    if last is None or last.state != LACKING or not _is_of(last, place, values, settings):
        return False
    work = _batches(place.notebook, profile, overrides, settings)
    return any(recall(run, b.source, settings) is None for b in work for run in b.runs)


def _is_of(entry: Entry | None, place: Slot, values: Mapping[str, Any], settings: Settings) -> bool:
    """Whether an entry is of just this notebook, parameters, source and data."""
    return entry is not None and entry.fingerprint == fingerprint(place.notebook, values, settings)


def refuse_bad_parameters(
    notebook: Notebook, profile: str, overrides: Mapping[str, Any], settings: Settings
) -> None:
    """Refuse what is wrong by itself or does not suit the data set, before any kernel starts."""
    _batches(notebook, profile, overrides, settings)


def execute(
    place: Slot,
    profile: str,
    overrides: Mapping[str, Any],
    settings: Settings,
    kernels: "Kernels",
) -> Entry:
    """Run the notebook of a slot. A failure is returned, not raised: others may still run.

    Bad parameters are refused before a kernel starts; that refusal is raised.
    """
    notebook = place.notebook
    work = _batches(notebook, profile, overrides, settings)
    values = notebook.values(profile, overrides)
    settings = settings.but(notebook=notebook.name, profile=profile)
    mark = fingerprint(notebook, values, settings)
    clock = time.perf_counter()
    place.failed.unlink(missing_ok=True)
    state, error = "failed", _lacking_data(work, settings)
    if not error:
        state, error = _run(place, values, settings, kernels)
    head, dirty = commit(settings.root)
    entry = Entry(
        notebook=notebook.name,
        profile=profile,
        parameters=values,
        fingerprint=mark,
        state=state,
        seconds=round(time.perf_counter() - clock, 2),
        finished=now(),
        commit=head,
        dirty=dirty,
        packages=package_versions(*TOOLS),
        error=error,
        records=_records(work, settings) if state == "done" else [],
    )
    place.keep(entry)
    return entry


def _run(
    place: Slot, values: Mapping[str, Any], settings: Settings, kernels: "Kernels"
) -> tuple[str, str]:
    """Execute through papermill; the state, and the error in one line."""
    skip_url_grammar()
    import jupytext
    import nbformat
    import papermill
    from papermill.exceptions import PapermillExecutionError

    from invlib.book.kernel import kernel_manager
    from invlib.book.papermill_engine import WRITES_ONCE

    environment = settings.environment() | {
        "MPLBACKEND": "agg",
        "IPYTHONDIR": str(settings.runs_dir / "ipython"),  # nobody's start-up files
    }
    place.log.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="inv-") as name, place.log.open("w") as log:
        folder = Path(name)
        if len(str(folder / "socket-5").encode()) > LONGEST_SOCKET:
            raise InvlibError(
                f"{folder.parent} is too long a name for the folder of a socket. Set TMPDIR to a "
                "shorter one."
            )
        source, result = folder / "source.ipynb", folder / "result.ipynb"
        nbformat.write(jupytext.read(place.notebook.path), source)
        manager = kernel_manager(environment, settings.root, folder, log, kernels)
        try:
            papermill.execute_notebook(
                source,
                result,
                parameters=dict(values),
                engine_name=WRITES_ONCE,
                kernel_manager_class=manager,
                progress_bar=False,
                coalesce_streams=True,  # one print may arrive in pieces
                stdout_file=log,
                stderr_file=log,
            )
        except PapermillExecutionError as error:
            _keep(result, place.failed)
            if error.ename == "MissingRecordsError":
                return LACKING, error.evalue
            ours = error.ename in ("InvlibError", "UsageError")  # say all by themselves
            return "failed", error.evalue if ours else f"{error.ename}: {error.evalue}"
        except RuntimeError:  # so nbclient says that the kernel died, or never answered
            if kernels.stopped:
                raise InvlibError(f"{place.notebook.name} was stopped.") from None
            _keep(result, place.failed)
            return "failed", "the kernel died (killed, or out of memory; its log may say more)"
        _for_reading(result, place)
        _keep(result, place.executed)
    return "done", ""


def _for_reading(result: Path, place: Slot) -> None:
    """Fold the parameters that papermill put in, and leave no path of this machine in the file."""
    import nbformat

    content = nbformat.read(result, as_version=4)
    source = f"notebooks/{place.notebook.name}.py"
    content.metadata.papermill |= {"input_path": source, "output_path": place.executed.name}
    for cell in content.cells:
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.metadata.tags.append("hide-input")
            cell.metadata.mystnb = {"code_prompt_show": "Parameters of this run"}
    nbformat.write(content, result)


def _keep(result: Path, target: Path) -> None:
    if result.is_file():
        with atomic_path(target) as temporary:
            temporary.write_bytes(result.read_bytes())


def _lacking_data(work: Sequence["Batch"], settings: Settings) -> str:
    """What is wrong with the data of the runs that are still to be computed; empty if nothing."""
    if settings.compute == "never":
        return ""
    for name in sorted({batch.runs[0].data for batch in work if batch.missing()} - {RANDOM}):
        manifest = read_manifest(name, settings)
        for finding in survey(manifest, settings.data_dir):
            if finding.state is not State.GOOD:
                return str(refusal(manifest, finding))
    return ""


def _records(work: Sequence["Batch"], settings: Settings) -> list[dict[str, Any]]:
    """The records that the notebook's study rests on: where each lies, and whether it is stale."""
    found = []
    for batch in work:
        for run in batch.runs:
            known = recall(run, batch.source, settings)
            if known is None:
                raise InvlibError(
                    f"{settings.notebook} ran, but its record {run} is not there. Did its source "
                    "change meanwhile? Run it again."
                )
            found.append({"path": run.path, "origin": known.origin, "stale": known.stale})
    return found


def _batches(
    notebook: Notebook, profile: str, overrides: Mapping[str, Any], settings: Settings
) -> list["Batch"]:
    from invlib.studies.study import batches

    return batches(notebook.study(), notebook.config(profile, overrides), settings)
