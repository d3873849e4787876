"""A record is either whole or absent, and its name says what would have to be equal."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from invlib.errors import InvlibError
from invlib.experiment import Outcome, digest
from invlib.records.memo import local_store, published_store, recall
from invlib.records.record import Record, Run
from invlib.records.store import Store

RUN = Run("toy/one", "a", {"size": 1}, 0, "digits", "abc")


def record(run: Run = RUN, source: str = "now", value: float = 0.5) -> Record:
    return Record(
        run,
        {"accuracy": value},
        {"epoch": np.arange(3), "loss": np.array([3.0, 2.0, 1.0])},
        {"weight": np.eye(2)},
        {"source": source, "seconds": 1.0},
    )


def test_what_is_written_is_read_back(tmp_path):
    store = Store(tmp_path)
    store.write(record())
    found = store.read(RUN)
    assert found.run == RUN
    assert found.metrics == {"accuracy": 0.5}
    np.testing.assert_array_equal(found.curves["loss"], [3, 2, 1])
    np.testing.assert_array_equal(found.arrays["weight"], np.eye(2))


@pytest.mark.parametrize(
    "change",
    [
        {"experiment": "toy/two"},
        {"config": {"size": 2}},
        {"seed": 1},
        {"data_checksum": "other"},
    ],
)
def test_a_different_run_has_a_different_key(change):
    assert replace(RUN, **change).key != RUN.key


def test_the_label_is_only_a_name():
    assert replace(RUN, label="b").key == RUN.key


@given(
    st.dictionaries(
        st.text(max_size=5),
        st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False)),
    )
)
def test_equal_values_have_equal_digests_in_any_order(values):
    assert digest(values) == digest(dict(reversed(values.items())))


def test_a_digest_of_nan_is_refused():
    with pytest.raises(ValueError, match="JSON"):
        digest({"x": float("nan")})


@pytest.mark.parametrize("ending", [".json", ".npz"])
@pytest.mark.parametrize("damage", ["truncated", "empty", "other", "gone"])
def test_a_damaged_record_counts_as_absent(tmp_path, ending, damage):
    store = Store(tmp_path)
    store.write(record())
    path = store.json_path(RUN).with_suffix(ending)
    content = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes({"truncated": content[:-7], "empty": b"", "other": b'{"a": 1}'}[damage])
    assert store.read(RUN) is None


def test_a_pickle_in_the_arrays_is_not_executed(tmp_path):
    store = Store(tmp_path)
    store.write(record())
    path = store.json_path(RUN)
    with path.with_suffix(".npz").open("wb") as file:
        np.savez(file, **{"array/evil": np.array([{"a": 1}], dtype=object)})
    content = json.loads(path.read_text())
    import hashlib

    content["arrays_sha256"] = hashlib.sha256(path.with_suffix(".npz").read_bytes()).hexdigest()
    path.write_text(json.dumps(content))
    assert store.read(RUN) is None


def test_a_failed_write_leaves_nothing_under_a_final_name(tmp_path, monkeypatch):
    def full(*_args, **_named):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez_compressed", full)
    with pytest.raises(OSError, match="space"):
        Store(tmp_path).write(record())
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_fresh_local_then_fresh_published_then_stale_published(settings):
    assert recall(RUN, "now", settings) is None
    published_store(settings).write(record(source="old", value=0.1))
    known = recall(RUN, "now", settings)
    assert (known.origin, known.stale) == ("published", True)
    local_store(settings).write(record(source="older", value=0.2))
    assert recall(RUN, "now", settings).origin == "published", "a stale local record is worthless"
    local_store(settings).write(record(source="now", value=0.3))
    known = recall(RUN, "now", settings)
    assert (known.origin, known.stale, known.record.metrics["accuracy"]) == ("local", False, 0.3)
    shown = recall(RUN, "now", settings.but(compute="never"))
    assert shown.origin == "published", "where nothing may be computed, the published one is shown"


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_a_nan_is_never_a_result(bad):
    with pytest.raises(InvlibError, match="metric accuracy"):
        Outcome({"accuracy": bad}).refuse_non_finite("toy one seed 0")
    with pytest.raises(InvlibError, match="toy one seed 0: loss"):
        Outcome({}, {"loss": np.array([1, bad])}).refuse_non_finite("toy one seed 0")
