"""What is found in a data folder, good or not."""

import gzip
import os
import pickle
import tracemalloc
from pathlib import Path

import pytest

from invlib.data import State, overall, read, survey, verify
from invlib.errors import InvlibError
from invlib.settings import Settings


class Trap:
    """An object whose unpickling leaves a trace."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple:
        return Path.touch, (self.trace,)


def _first(tiny) -> verify.Finding:
    return survey(read("tiny", tiny.settings), tiny.settings.data_dir)[0]


def test_files_are_good_packed_and_unpacked_and_mixed(tiny) -> None:
    manifest = read("tiny", tiny.settings)
    for unpacked in (False, True):
        tiny.fill(unpacked)
        findings = survey(manifest, tiny.settings.data_dir)
        assert [finding.state for finding in findings] == [State.GOOD] * 4
        assert not any(finding.content for finding in findings)
    tiny.final[0].write_bytes(b"broken")  # the unpacked copy beside it is still good
    assert _first(tiny).state is State.GOOD


def test_a_recompressed_file_is_good(tiny) -> None:
    tiny.fill()
    name, content = next(iter(tiny.contents.items()))
    (tiny.folder / name).write_bytes(gzip.compress(content, 1))
    assert _first(tiny).state is State.GOOD


def test_an_empty_folder_lacks_every_file(tiny) -> None:
    findings = survey(read("tiny", tiny.settings), tiny.settings.data_dir)
    assert overall(findings) is State.MISSING
    assert not tiny.settings.data_dir.exists()


def _broken(good: bytes) -> dict[str, bytes]:
    packed = gzip.compress(good)
    flipped = bytearray(packed)
    flipped[-6] ^= 1  # in the checksum that gzip keeps of its content
    return {
        "empty": b"",
        "one byte": packed[:1],
        "truncated": packed[: len(packed) // 2],
        "without its end": packed[:-4],
        "flipped bit": bytes(flipped),
        "not gzip": good,
        "a web page": b"<html>log in</html>",
        "shorter content": gzip.compress(good[:-1]),
        "longer content": gzip.compress(good + b"x"),
        "two members": gzip.compress(good) + gzip.compress(b"x"),
        "trailing bytes": packed + b"trailing",
        "same length": gzip.compress(good[:-1] + bytes([good[-1] ^ 1])),
    }


@pytest.mark.parametrize("how", _broken(b"any"))
def test_other_content_is_wrong_and_never_a_traceback(tiny, how: str) -> None:
    tiny.fill()
    tiny.final[0].write_bytes(_broken(tiny.contents[tiny.final[0].name])[how])
    finding = _first(tiny)
    assert finding.state is State.WRONG
    assert finding.found
    assert overall(survey(read("tiny", tiny.settings), tiny.settings.data_dir)) is State.WRONG


def test_a_wrong_checksum_names_file_expected_and_found(tiny) -> None:
    tiny.fill()
    tiny.final[0].write_bytes(gzip.compress(b"other"))
    manifest = read("tiny", tiny.settings)
    with pytest.raises(InvlibError) as refusal:
        verify.content(manifest, tiny.final[0].name, tiny.settings.data_dir)
    found = "d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa"
    for part in (str(tiny.final[0]), f"expected sha256 {manifest.files[0].sha256}", found):
        assert part in str(refusal.value)
    assert tiny.final[0].exists()


@pytest.mark.parametrize("packed", [True, False])
def test_a_pickle_named_like_a_data_file_is_never_loaded(
    tiny, tmp_path: Path, packed: bool
) -> None:
    trace = tmp_path / "executed"
    hostile = pickle.dumps(Trap(trace))
    name = next(iter(tiny.contents))
    tiny.folder.mkdir(parents=True)
    if packed:
        (tiny.folder / name).write_bytes(gzip.compress(hostile))
    else:
        (tiny.folder / name.removesuffix(".gz")).write_bytes(hostile)
    assert _first(tiny).state is State.WRONG
    assert not trace.exists()
    pickle.loads(hostile)
    assert trace.exists()


def test_a_gzip_bomb_is_not_unpacked_past_the_expected_size(tiny) -> None:
    tiny.fill()
    tiny.final[0].write_bytes(gzip.compress(bytes(200_000_000), 1))
    tracemalloc.start()
    try:
        finding = _first(tiny)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert finding.state is State.WRONG
    assert "more than" in finding.found
    assert peak < 5_000_000


@pytest.mark.parametrize("what", ["folder", "pipe", "loop"])
def test_what_is_no_file_is_unreadable_and_does_not_hang(tiny, what: str) -> None:
    tiny.fill()
    path = tiny.final[0]
    path.unlink()
    {"folder": path.mkdir, "pipe": lambda: os.mkfifo(path), "loop": lambda: path.symlink_to(path)}[
        what
    ]()
    assert _first(tiny).state is State.UNREADABLE


def test_a_file_where_the_folder_should_be_is_unreadable(tiny) -> None:
    tiny.settings.data_dir.mkdir()
    (tiny.settings.data_dir / "Tiny").write_text("not a folder")
    finding = _first(tiny)
    assert finding.state is State.UNREADABLE
    assert "Not a directory" in finding.found


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_folder_without_permission_is_unreadable(tiny) -> None:
    tiny.fill()
    tiny.folder.chmod(0)
    try:
        finding = _first(tiny)
    finally:
        tiny.folder.chmod(0o755)
    assert finding.state is State.UNREADABLE
    assert "Permission denied" in finding.found


@pytest.mark.parametrize("name", ["digits", "photographs"])
def test_the_bundled_data_sets_are_good(name: str) -> None:
    settings = Settings()
    assert overall(survey(read(name, settings), settings.data_dir)) is State.GOOD
