"""No record carries the name of a source that did not compute it."""

import os
from dataclasses import dataclass

import pytest

from invlib.engine import batch as batches
from invlib.engine.batch import Batch, compute
from invlib.engine.steady_source import LOADED, edited, refuse_edited
from invlib.errors import InvlibError
from invlib.experiment import Outcome
from invlib.files import written
from invlib.records.memo import local_store
from invlib.records.record import name_run
from invlib.records.source import PACKAGE
from invlib.studies.genuine.primer_examples import EXPERIMENT, Examples

REACHED = str(PACKAGE / "groups" / "group.py")
UNRELATED = str(PACKAGE / "figures" / "show.py")
MODULE = EXPERIMENT.module


def noted_before(path: str) -> dict:
    """What would have been noted of a file that was written since."""
    changed, *rest = LOADED[path]
    return {**LOADED, path: (changed - 1, *rest)}


def test_every_file_is_noted_and_none_has_changed():
    assert set(LOADED) == {str(path) for path in PACKAGE.rglob("*.py")}
    assert edited(MODULE, LOADED) == []
    refuse_edited(MODULE, LOADED)


def test_an_edit_of_what_computes_is_refused_by_name():
    with pytest.raises(InvlibError, match=r"groups/group\.py was edited .* Restart the kernel"):
        refuse_edited(MODULE, noted_before(REACHED))
    assert edited(MODULE, noted_before(REACHED)) == [REACHED]


def test_an_edit_elsewhere_does_not_disturb():
    assert edited(MODULE, noted_before(UNRELATED)) == []
    gone = str(PACKAGE / "studies" / "genuine" / "no_longer_there.py")
    assert edited(MODULE, {**LOADED, gone: LOADED[UNRELATED]}) == []


@dataclass(frozen=True)
class Edits:
    """An experiment that somebody edits while it computes."""

    path: str

    def run(self, config, seeds, report):
        os.utime(self.path)
        return [Outcome({"value": 1.0}) for _ in seeds]


def test_what_was_computed_across_an_edit_is_not_kept(tmp_path, settings, monkeypatch):
    config = Examples()
    noted = tmp_path / "source.py"
    noted.write_text("")
    os.utime(noted, ns=(1, 1))
    runs = [name_run(EXPERIMENT, config, 0, "checksum")]
    monkeypatch.setattr(batches, "find_experiment", lambda *place: Edits(str(noted)))
    monkeypatch.setattr("invlib.engine.steady_source._module", lambda path: MODULE)
    work = Batch(MODULE, "EXPERIMENT", config, runs, "hash", settings, {str(noted): written(noted)})
    with pytest.raises(InvlibError, match="was edited"):
        compute(work)
    assert local_store(settings).read(runs[0]) is None
