"""Killed, interrupted, out of disk: what had finished is kept, and the next run goes on there."""

import json
import os
import random
import signal
import time
from collections.abc import Callable

import nbformat
import psutil
import pytest

from invlib.book import forked_kernel

SLOW_RUN = ("run", "toy/one", "-p", "size", "3", "-p", "pause", "1.5", "-p", "factors", "[7]")

# The real command on a disk that fills up while the executed notebook is brought to its place.
FULL_DISK = """
import errno, os, pathlib, sys
from invlib.cli.main import main
whole = pathlib.Path.write_bytes
def half(self, data):
    whole(self, data[: len(data) // 2])
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self))
pathlib.Path.write_bytes = half
sys.exit(main(sys.argv[1:]))
"""


def wait_until(condition: Callable[[], object], patience: float = 60) -> None:
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.05)


def records(checkout, notebook="one") -> dict:
    """The local records of a notebook's slow run, with when they were written."""
    found = (checkout.root / "runs" / "records" / "toy" / notebook).glob("*.json")
    return {p: p.stat().st_mtime_ns for p in found if json.loads(p.read_text())["config"]["pause"]}


def unfinished(checkout) -> list[str]:
    """Files under a final name that are not whole."""
    bad = []
    for folder in (checkout.root / "runs", checkout.published):
        for path in folder.rglob("*"):
            try:
                if path.suffix == ".json":
                    json.loads(path.read_text())
                elif path.suffix == ".ipynb":
                    nbformat.read(path, as_version=4)
            except ValueError:
                bad.append(str(path))
    html = checkout.root / "_build" / "html"
    pages = [html / name for name in ("intro.html", "search.html", "quick/search.html")]
    if html.exists():
        bad += [str(page) for page in pages if "</html>" not in page.read_text()]
    return bad


@pytest.mark.slow
def test_a_killed_kernel_is_reported_in_words_and_the_next_run_goes_on(
    tiny_either_way, kernels_of, finish
):
    tiny = tiny_either_way
    process = tiny.start(*SLOW_RUN)
    wait_until(lambda: len(records(tiny)) >= 2)
    (kernel,) = kernels_of(process)
    kernel.kill()
    answer = finish(process)
    assert answer.status == 1
    assert "toy/one failed: the kernel died (killed, or out of memory; its log" in answer.err
    assert "Traceback" not in answer.err
    kept = records(tiny)
    assert len(kept) in (2, 4)
    assert not list((tiny.root / "runs" / "executed").glob("quick-*/toy/one.ipynb"))

    again = tiny.invlib(*SLOW_RUN)
    assert again.status == 0, again.err
    assert len(records(tiny)) == 6
    assert kept.items() <= records(tiny).items()
    assert not list((tiny.root / "runs" / "executed").glob("quick-*/toy/one.failed.ipynb"))


@pytest.fixture(params=["forked", "started"])
def tiny_either_way(tiny, request):
    """The same with each of the two ways for a kernel to come about."""
    if request.param == "forked":
        if not forked_kernel.POSSIBLE:
            pytest.skip("kernels are forked on Linux alone")
        loading = f"LOADING = {forked_kernel.LOADING}"
        tiny.edit("invlib/book/forked_kernel.py", loading, "LOADING = 0")
    return tiny


@pytest.mark.parametrize("verb", ["run", "book"])
def test_ctrl_c_stops_at_once_and_leaves_no_kernel(tiny_either_way, kernels_of, finish, verb):
    tiny = tiny_either_way
    for name in ("one", "two"):
        tiny.edit(f"notebooks/toy/{name}.py", "pause = 0.0", "pause = 60.0")
    process = tiny.start(*(("run", "toy/one") if verb == "run" else ("book",)))
    jobs = 1 if verb == "run" else 2
    wait_until(lambda: len(kernels_of(process)) == jobs)
    time.sleep(1.0)
    kernels = kernels_of(process)
    process.send_signal(signal.SIGINT)
    started = time.monotonic()
    answer = finish(process)
    assert time.monotonic() - started < 15
    assert answer.status == 130
    assert answer.err.endswith(
        "\ninvlib: stopped. What had finished is kept; run it again to go on.\n"
    )
    assert "Traceback" not in answer.err
    assert psutil.wait_procs(kernels, timeout=10)[1] == []
    assert tiny.ledger("quick", "toy/one")["state"] == "done"  # an interruption is no failure


def test_a_killed_command_leaves_no_kernel(tiny_either_way, kernels_of, finish):
    tiny = tiny_either_way
    process = tiny.start("run", "toy/one", "-p", "pause", "60")
    wait_until(lambda: kernels_of(process))
    time.sleep(1.0)
    kernels = kernels_of(process)
    process.kill()
    finish(process)
    assert psutil.wait_procs(kernels, timeout=20)[1] == []


def test_a_full_disk_is_said_in_words_and_leaves_nothing_half_written(tiny):
    executed = tiny.executed("quick", "toy/one")
    before, entry = executed.read_bytes(), tiny.ledger("quick", "toy/one")
    answer = tiny.invlib("run", "toy/one", "--force", program=("-c", FULL_DISK))
    assert answer.status == 1
    (line,) = (line for line in answer.err.splitlines() if line.startswith("invlib:"))
    assert "No space left on device" in line
    assert str(executed.parent) in line
    assert "Traceback" not in answer.err
    assert executed.read_bytes() == before
    assert tiny.ledger("quick", "toy/one") == entry
    assert not [p for p in (tiny.root / "runs").rglob("*") if p.name.endswith(".tmp")]
    assert unfinished(tiny) == []
    debug = tiny.invlib("--debug", "run", "toy/one", "--force", program=("-c", FULL_DISK))
    assert "Traceback" in debug.err


def test_a_folder_that_no_socket_can_be_in(tiny, tmp_path):
    deep = tmp_path / ("d" * 100)
    deep.mkdir()
    environment = tiny.environment | {"TMPDIR": str(deep)}
    answer = tiny.invlib("run", "toy/one", "--force", env=environment)
    assert answer.status == 1
    assert f"{deep} is too long a name" in answer.err
    assert "Set TMPDIR to a shorter one" in answer.err
    assert tiny.kernels() == []
    assert list(deep.iterdir()) == []


@pytest.mark.slow
def test_two_builds_at_once_take_turns(tiny_with_book, finish):
    tiny = tiny_with_book
    tiny.edit("notebooks/profiles.yaml", "quick: {}", "quick: {pause: 0.5}")
    first = tiny.start("book")
    wait_until(lambda: f"process {first.pid} " in (tiny.root / "_build" / "lock").read_text())
    second = tiny.start("book")
    answers = [finish(first), finish(second)]
    assert [answer.status for answer in answers] == [0, 0], answers
    waited = answers[1].out.splitlines()[0]
    assert waited.startswith(f"another build, process {first.pid} (")
    assert waited.endswith("is at work; waiting")
    # What the first has done, the second finds done.
    assert answers[1].out.splitlines()[1:] == [answers[0].out.splitlines()[-1]]
    assert tiny.ran() == [("toy/one", "quick"), ("toy/two", "quick")]
    assert unfinished(tiny) == []


@pytest.mark.slow
def test_a_build_killed_at_any_moment_leaves_nothing_to_clear_away(tiny_with_book, finish):
    tiny, chance = tiny_with_book, random.Random(1)
    pages = sorted(path.name for path in (tiny.root / "_build" / "html").rglob("*.html"))
    moments = (1.5, 3.0, 6.0, 9.0)  # seconds: computing, drawing, building, building
    for turn, moment in enumerate(moments, 1):
        step = f"index + {turn}.0"
        tiny.edit("invlib/studies/toy/common.py", step, f"index + {turn + 1}.0")  # all is old now
        process = tiny.start("book", "--profile", "paper")
        time.sleep(moment + chance.uniform(-0.5, 0.5))
        left = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        finish(process)
        # A kernel notices within a second. Source that changes sooner would be taken for its own.
        assert psutil.wait_procs(left, timeout=10)[1] == []
        assert unfinished(tiny) == []
    answer = tiny.invlib("book")
    assert answer.status == 0, answer.err
    assert unfinished(tiny) == []
    assert "values [10.0" in tiny.page("quick/toy/one")
    assert sorted(path.name for path in (tiny.root / "_build" / "html").rglob("*.html")) == pages
    assert sorted(os.listdir(tiny.root / "_build")) == ["html", "lock", "work"]
