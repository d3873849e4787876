"""Fetching from a real local server: the good paths, resuming, and two at once."""

import gzip
import subprocess
import sys
import threading
import time

import pytest

from invlib.data import fetch, load, overall, read, survey
from invlib.data.fetch import Progress
from invlib.data.verify import State
from invlib.errors import InvlibError, UsageError
from invlib.settings import CHECKOUT


def state(tiny) -> State:
    return overall(survey(read("tiny", tiny.settings), tiny.settings.data_dir))


def left_over(tiny) -> list[str]:
    """What a fetch left in the folder besides the files themselves."""
    return sorted(
        path.name
        for path in tiny.folder.iterdir()
        if path.name not in {*tiny.contents, ".fetch.lock"}
    )


@pytest.mark.parametrize(
    "how",
    ["good", "redirects", "recompressed", "ignores_range", "refuses_range", "labels_encoding"],
)
def test_a_fetched_data_set_is_good_and_loads(tiny, server, how: str) -> None:
    server.serve(tiny)
    tiny.use(server.source(how))
    assert fetch("tiny", tiny.settings) == tiny.folder
    assert state(tiny) is State.GOOD
    assert left_over(tiny) == []
    assert len(load("tiny", "train", tiny.settings).labels) == 12
    # Stored as served: still packed, under the published name.
    assert gzip.decompress(tiny.final[0].read_bytes()) == tiny.contents[tiny.final[0].name]


def test_good_files_are_not_fetched_again(tiny, server) -> None:
    server.serve(tiny)
    tiny.use(server.source("good"))
    tiny.fill()
    tiny.final[1].unlink()
    fetch("tiny", tiny.settings)
    assert server.asked == [(f"good/{tiny.final[1].name}", "")]
    fetch("tiny", tiny.settings.but(offline=True))  # nothing to do needs no network
    assert len(server.asked) == 1


def test_the_first_source_is_asked_first_and_the_next_when_it_fails(tiny, server) -> None:
    server.serve(tiny)
    tiny.use(server.source("missing"), server.source("good"), server.source("other"))
    fetch("tiny", tiny.settings)
    name = tiny.final[0].name
    assert [path for path, _ in server.asked][:2] == [f"missing/{name}", f"good/{name}"]
    assert state(tiny) is State.GOOD


def test_progress_counts_up_to_the_size_and_says_what_happens(tiny, server) -> None:
    server.serve(tiny)
    tiny.use(server.source("missing"), server.source("good"))
    steps: list[Progress] = []
    fetch("tiny", tiny.settings, steps.append)
    name = tiny.final[0].name
    counts = [step for step in steps if step.file == name and not step.text]
    assert counts[-1] == Progress(name, len(server.files[name]), len(server.files[name]))
    texts = [step.text for step in steps if step.file == name and step.text]
    assert texts == [
        f"{name}: from {server.source('missing')}{name}",
        f"{name}: 404 Not Found",
        f"{name}: from {server.source('good')}{name}",
        f"{name}: good, {len(tiny.contents[name])} bytes of content",
    ]


def test_a_partial_file_is_continued_and_only_the_rest_asked_for(tiny, server) -> None:
    server.serve(tiny)
    tiny.use(server.source("good"))
    name = tiny.final[0].name
    tiny.folder.mkdir(parents=True)
    (tiny.folder / f"{name}.part").write_bytes(server.files[name][:50])
    steps: list[Progress] = []
    fetch("tiny", tiny.settings, steps.append)
    assert server.asked[0] == (f"good/{name}", "bytes=50-")
    assert tiny.final[0].read_bytes() == server.files[name]
    size = len(server.files[name])
    assert next(step for step in steps if not step.text) == Progress(name, size, size)


@pytest.mark.parametrize("how", ["ignores_range", "refuses_range", "other_range"])
def test_a_server_that_cannot_continue_sends_everything(tiny, server, how: str) -> None:
    server.serve(tiny)
    tiny.use(server.source(how))
    name = tiny.final[0].name
    tiny.folder.mkdir(parents=True)
    (tiny.folder / f"{name}.part").write_bytes(server.files[name][:50])
    fetch("tiny", tiny.settings)
    assert server.asked[0] == (f"{how}/{name}", "bytes=50-")
    assert tiny.final[0].read_bytes() == server.files[name]
    assert left_over(tiny) == []


@pytest.mark.parametrize("beginning", [b"junk" * 10, b"junk" * 1000, b""])
def test_a_partial_file_of_other_bytes_costs_a_second_request(tiny, server, beginning) -> None:
    server.serve(tiny)
    tiny.use(server.source("good"))
    name = tiny.final[0].name
    tiny.folder.mkdir(parents=True)
    (tiny.folder / f"{name}.part").write_bytes(beginning)
    fetch("tiny", tiny.settings)
    assert state(tiny) is State.GOOD
    assert left_over(tiny) == []  # a splice of our own making is no evidence to keep


def test_a_partial_file_that_is_complete_needs_no_request(tiny, server) -> None:
    server.serve(tiny)
    tiny.use(server.source("good"))
    name = tiny.final[0].name
    tiny.folder.mkdir(parents=True)
    (tiny.folder / f"{name}.part").write_bytes(server.files[name])
    fetch("tiny", tiny.settings)
    assert name not in {path.split("/")[1] for path, _ in server.asked}
    assert left_over(tiny) == []


def test_a_mirror_that_compresses_differently_cannot_spoil_a_continued_file(tiny, server) -> None:
    server.serve(tiny)
    tiny.use(server.source("truncates"), server.source("recompressed"))
    fetch("tiny", tiny.settings)
    assert state(tiny) is State.GOOD
    assert left_over(tiny) == []


def test_a_kill_leaves_no_final_name_and_the_next_run_continues(make_tiny, server) -> None:
    tiny = make_tiny(side=200)
    server.serve(tiny)
    tiny.use(server.source("slow"))
    name = tiny.final[0].name
    part = tiny.folder / f"{name}.part"
    code = (
        "from invlib.data import fetch; from invlib.settings import from_environment; "
        "fetch('tiny', from_environment())"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=CHECKOUT,
        env={**tiny.settings.environment(), "NO_PROXY": "127.0.0.1"},
    )
    deadline = time.monotonic() + 20
    while not (part.exists() and part.stat().st_size > 20_000) and time.monotonic() < deadline:
        time.sleep(0.01)
    child.kill()
    child.wait()
    arrived = part.stat().st_size
    assert 20_000 < arrived < len(server.files[name])
    assert not any(path.exists() for path in tiny.final)

    server.asked.clear()
    tiny.use(server.source("good"))
    fetch("tiny", tiny.settings)
    assert server.asked[0] == (f"good/{name}", f"bytes={arrived}-")
    assert state(tiny) is State.GOOD


def test_of_two_at_once_the_second_waits_and_fetches_nothing(tiny, server) -> None:
    server.serve(tiny)
    tiny.use(server.source("gated"))
    said: list[str] = []
    first = threading.Thread(target=fetch, args=("tiny", tiny.settings))
    second = threading.Thread(
        target=fetch, args=("tiny", tiny.settings, lambda step: said.append(step.text))
    )
    first.start()
    _until(lambda: server.asked)
    second.start()
    _until(lambda: said)
    server.gate.set()
    first.join()
    second.join()
    assert said[0].startswith("waiting for process ")
    assert len(server.asked) == 4
    assert state(tiny) is State.GOOD


def _until(happened) -> None:
    deadline = time.monotonic() + 10
    while not happened() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert happened()


def test_the_offline_switch_refuses_and_names_the_manual_route(tiny, server) -> None:
    server.serve(tiny)
    tiny.use(server.source("good"))
    with pytest.raises(InvlibError, match=r"INVLIB_OFFLINE[\s\S]*stick in the drawer"):
        fetch("tiny", tiny.settings.but(offline=True))
    assert server.asked == []
    assert not tiny.settings.data_dir.exists()


def test_a_bundled_data_set_needs_no_fetch(tiny) -> None:
    said: list[str] = []
    folder = fetch("digits", tiny.settings.but(root=CHECKOUT), lambda step: said.append(step.text))
    assert "every file is good" in said[0]
    assert (folder / "digits.csv.gz").exists()


def test_an_unknown_data_set_is_refused(tiny) -> None:
    with pytest.raises(UsageError, match=r"unknown data set 'tinny'.*Did you mean 'tiny'"):
        fetch("tinny", tiny.settings)
