"""Fetching when servers, disks and folders are against it."""

import errno
import gzip
import subprocess
import sys
from pathlib import Path

import pytest

from invlib.data import download, fetch
from invlib.errors import InvlibError
from invlib.settings import CHECKOUT

IMPATIENT = (5.0, 1.0)  # seconds to connect, seconds without a byte
WRONG = ["other", "web_page", "bomb", "endless"]
FAILING = {
    "missing": "404 Not Found",
    "truncates": "IncompleteRead",
    "stalls": "timed out",
}


def names(tiny) -> set[str]:
    return {path.name for path in tiny.folder.iterdir()}


@pytest.mark.parametrize("how", [*WRONG, *FAILING])
def test_a_bad_source_is_passed_over_and_the_next_one_used(tiny, server, how: str) -> None:
    server.serve(tiny)
    tiny.use(server.source(how), server.source("good"))
    tiny.fill()
    wanted = tiny.final[0]
    wanted.unlink()
    fetch("tiny", tiny.settings, timeout=IMPATIENT)
    assert gzip.decompress(wanted.read_bytes()) == tiny.contents[wanted.name]
    more = names(tiny) - set(tiny.contents) - {".fetch.lock"}
    assert [name.rsplit("-", 1)[0] for name in more] == [f"{wanted.name}.bad"] * (how in WRONG)


@pytest.mark.parametrize("how", WRONG)
def test_wrong_content_never_gets_the_final_name_and_is_kept_aside(tiny, server, how) -> None:
    server.serve(tiny)
    tiny.use(server.source(how))
    with pytest.raises(InvlibError) as refusal:
        fetch("tiny", tiny.settings)
    name = tiny.final[0].name
    (kept,) = (path for path in tiny.folder.iterdir() if path.name.startswith(f"{name}.bad-"))
    assert len(kept.name.removeprefix(f"{name}.bad-")) == 8
    for part in (f"{server.source(how)}{name}: gave the wrong content", str(kept)):
        assert part in str(refusal.value)
    assert names(tiny) == {kept.name, ".fetch.lock"}
    assert kept.stat().st_size < 300_000  # however much was sent


@pytest.mark.parametrize("how", ["truncates", "stalls"])
def test_a_broken_connection_keeps_what_arrived_under_a_partial_name(
    make_tiny, server, how: str
) -> None:
    tiny = make_tiny(side=200)
    server.serve(tiny)
    tiny.use(server.source(how))
    with pytest.raises(InvlibError, match=FAILING[how]):
        fetch("tiny", tiny.settings, timeout=IMPATIENT)
    part = tiny.folder / f"{tiny.final[0].name}.part"
    body = server.files[tiny.final[0].name]
    assert names(tiny) == {".fetch.lock", part.name}
    assert body.startswith(part.read_bytes())
    assert part.stat().st_size > len(body) // 2 - download.CHUNK


def test_when_every_source_fails_each_answer_and_the_manual_route_are_told(tiny, server) -> None:
    server.serve(tiny)
    hows = ["missing", "web_page", "truncates", "refused"]
    sources = [server.source(how) for how in hows[:-1]] + ["http://127.0.0.1:9/refused/"]
    tiny.use(*sources)
    with pytest.raises(InvlibError) as refusal:
        fetch("tiny", tiny.settings, timeout=IMPATIENT)
    first, *answers, manual = str(refusal.value).splitlines()
    name = tiny.final[0].name
    assert name in first
    assert tiny.raw["files"][name]["sha256"] in first
    for answer, source, said in zip(
        answers,
        sources,
        ["404 Not Found", "wrong content", "IncompleteRead", "Connection refused"],
        strict=True,
    ):
        assert answer.startswith(f"  {source}{name}: ")
        assert said in answer
    assert manual == f"By hand, for the folder {tiny.folder}: {tiny.raw['by_hand']}"


@pytest.mark.parametrize("unpacked", [False, True])
def test_a_wrong_file_that_was_there_is_moved_aside_and_replaced(tiny, server, unpacked) -> None:
    server.serve(tiny)
    tiny.use(server.source("good"))
    tiny.fill()
    tiny.final[0].unlink()
    name = tiny.final[0].name.removesuffix(".gz") if unpacked else tiny.final[0].name
    (tiny.folder / name).write_bytes(b"broken")
    said = []
    fetch("tiny", tiny.settings, lambda step: said.append(step.text))
    (kept,) = tiny.folder.glob("*.bad-*")
    assert kept.name.startswith(f"{name}.bad-")
    assert kept.read_bytes() == b"broken"
    assert any(str(kept) in text for text in said)
    assert not (tiny.folder / name).exists() or not unpacked


def test_a_wrong_file_that_cannot_be_replaced_is_named_with_its_new_place(tiny, server) -> None:
    server.serve(tiny)
    tiny.use(server.source("missing"))
    tiny.fill()
    tiny.final[0].write_bytes(gzip.compress(b"other"))
    with pytest.raises(InvlibError) as refusal:
        fetch("tiny", tiny.settings)
    (kept,) = tiny.folder.glob("*.bad-*")
    for part in (
        str(tiny.final[0]),
        f"expected sha256 {tiny.raw['files'][tiny.final[0].name]['sha256']}",
        "found sha256 d9298a10",
        f"kept as {kept}",
    ):
        assert part in str(refusal.value)


def test_a_full_disk_names_the_folder(tiny, server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.serve(tiny)
    tiny.use(server.source("good"), server.source("good"))
    really_open = download._open

    def open_on_a_full_disk(part: Path, keep: bool):
        really_open(part, keep).close()
        return open("/dev/full", "wb", buffering=0)

    monkeypatch.setattr(download, "_open", open_on_a_full_disk)
    with pytest.raises(InvlibError, match=r"No space left") as refusal:
        fetch("tiny", tiny.settings)
    assert f"cannot write in {tiny.folder}" in str(refusal.value)
    assert "INVLIB_DATA" in str(refusal.value)
    assert len(server.asked) == 1  # another source would not help
    assert not any(path.exists() for path in tiny.final)


def test_a_disk_that_fills_up_midway_keeps_what_arrived(make_tiny, server) -> None:
    tiny = make_tiny(side=200)
    server.serve(tiny)
    tiny.use(server.source("good"))
    limit = 100_000
    code = (
        f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n"
        "from invlib.data import fetch\n"
        "from invlib.errors import InvlibError\n"
        "from invlib.settings import from_environment\n"
        "try:\n    fetch('tiny', from_environment())\n"
        "except InvlibError as error:\n    print(error)\n"
    )
    child = subprocess.run(
        [sys.executable, "-B", "-c", code],
        cwd=CHECKOUT,
        env={**tiny.settings.environment(), "NO_PROXY": "127.0.0.1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"cannot write in {tiny.folder}: File too large" in child.stdout
    assert (tiny.folder / f"{tiny.final[0].name}.part").stat().st_size == limit
    assert not any(path.exists() for path in tiny.final)
    fetch("tiny", tiny.settings)
    assert server.asked[1] == (f"good/{tiny.final[0].name}", f"bytes={limit}-")


@pytest.mark.parametrize("where", ["Tiny", "."])
def test_a_file_where_a_folder_should_be_is_named(tiny, server, where: str) -> None:
    server.serve(tiny)
    tiny.use(server.source("good"))
    blocking = tiny.settings.data_dir / where
    blocking.parent.mkdir(exist_ok=True)
    blocking.write_text("not a folder")
    with pytest.raises(InvlibError) as refusal:
        fetch("tiny", tiny.settings)
    assert f"cannot write in {tiny.folder}" in str(refusal.value)
    assert str(blocking) in str(refusal.value)
    assert blocking.read_text() == "not a folder"


def test_a_read_only_file_system_is_named(tiny, server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.serve(tiny)
    tiny.use(server.source("good"))

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system", str(tiny.folder))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(InvlibError, match=f"cannot write in {tiny.folder}: Read-only file system"):
        fetch("tiny", tiny.settings)


def test_good_files_on_a_read_only_folder_need_no_lock(tiny) -> None:
    tiny.fill()
    fetch("tiny", tiny.settings)
    assert names(tiny) == set(tiny.contents)


def test_a_link_in_place_of_the_partial_file_is_not_written_through(tiny, server, tmp_path) -> None:
    server.serve(tiny)
    tiny.use(server.source("good"))
    outside = tmp_path / "precious"
    outside.write_text("mine")
    tiny.folder.mkdir(parents=True)
    (tiny.folder / f"{tiny.final[0].name}.part").symlink_to(outside)
    fetch("tiny", tiny.settings)
    assert outside.read_text() == "mine"
    assert not tiny.final[0].is_symlink()


def test_a_folder_in_place_of_a_file_is_refused_and_left_alone(tiny, server) -> None:
    server.serve(tiny)
    tiny.use(server.source("good"))
    tiny.final[0].mkdir(parents=True)
    with pytest.raises(InvlibError, match="cannot be read: not a regular file"):
        fetch("tiny", tiny.settings)
    assert tiny.final[0].is_dir()
