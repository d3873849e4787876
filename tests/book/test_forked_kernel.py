"""Kernels forked from a process that has loaded the libraries: how they start and end."""

import subprocess
import sys
import time

import pytest

from invlib.book.forked_kernel import LIBRARIES, POSSIBLE, fork_kernel

pytestmark = pytest.mark.skipif(not POSSIBLE, reason="kernels are forked on Linux alone")


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    assert condition()


def test_a_kernel_starts_answers_signals_and_says_how_it_ended(tmp_path):
    log, connection = tmp_path / "log", tmp_path / "connection.json"
    with log.open("w") as opened:
        kernel = fork_kernel(["-f", str(connection)], {"HOME": str(tmp_path)}, tmp_path, opened)
    wait_for(connection.exists)  # written by the kernel once it listens
    assert kernel.poll() is None
    kernel.kill()
    assert kernel.wait() == kernel.poll() == -9
    kernel.send_signal(15)  # to nobody: not an error


def test_what_the_process_prints_is_in_the_log(tmp_path):
    log = tmp_path / "log"
    with log.open("w") as opened:
        kernel = fork_kernel(["--no-such-option=1", "--version"], {}, tmp_path, opened)
    kernel.wait()
    assert log.read_text().strip()


def test_the_helper_loads_nothing_of_ours():
    """Else a notebook would run the source as it was when the command began."""
    names = ", ".join(LIBRARIES)
    code = f"import sys, {names}; print([m for m in sys.modules if m.startswith('invlib')])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
