"""Killed twenty times at random moments, a study ends with the records of an undisturbed run."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from invlib.engine.executors import NAME

HERE = Path(__file__).parent
STUDY = [sys.executable, str(HERE / "toy_study.py")]
PAUSE = "0.25"


def start(folder: Path) -> subprocess.Popen:
    return subprocess.Popen(
        [*STUDY, str(folder), "2", PAUSE],
        env={**os.environ, "PYTHONPATH": str(HERE)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def contents(folder: Path) -> dict[str, object]:
    """All that a record says but when and how fast it was made."""
    found = {}
    for path in sorted((folder / "records").rglob("*")):
        if path.suffix == ".json":
            record = json.loads(path.read_text())
            for key in ("started", "seconds", "batch_seconds", "commit", "dirty"):
                record["provenance"].pop(key)
            found[path.name] = record
        elif path.suffix == ".npz":
            found[path.name] = path.read_bytes()
    return found


@pytest.mark.slow
def test_twenty_kills_change_nothing(tmp_path):
    chance = random.Random(0)
    undisturbed, killed = tmp_path / "undisturbed", tmp_path / "killed"
    assert finish(start(undisturbed)) == 0
    kills = attempts = 0
    while kills < 20:
        attempts += 1
        assert attempts < 60, "the study ends before it can be killed"
        process = start(killed)
        time.sleep(chance.uniform(0.2, 1.3))
        children = psutil.Process(process.pid).children(recursive=True) if alive(process) else []
        workers = [child for child in children if is_worker(child)]
        if kills % 2 and workers:
            chance.choice(workers).kill()
        else:
            process.kill()
        _, errors = process.communicate(timeout=30)
        kills += process.returncode != 0
        assert process.returncode in (0, 1, -signal.SIGKILL), errors.decode()
        _, left = psutil.wait_procs(children, timeout=10)
        assert left == [], "workers outlive their killed parent"
        if process.returncode == 0 or attempts % 6 == 0:  # finished: give the next one work
            for path in (killed / "records").rglob("*size[0-3]*"):
                path.unlink()
    assert finish(start(killed)) == 0
    assert contents(killed) == contents(undisturbed)
    assert len(contents(killed)) == 2 * 6 * 3


def test_two_processes_share_the_work(tmp_path):
    first, second = start(tmp_path / "shared"), start(tmp_path / "shared")
    assert finish(first) == finish(second) == 0
    assert finish(start(tmp_path / "alone")) == 0
    assert contents(tmp_path / "shared") == contents(tmp_path / "alone")


def test_a_killed_worker_is_reported_in_words(tmp_path):
    process = start(tmp_path)
    deadline = time.monotonic() + 20
    workers = []
    while not workers and time.monotonic() < deadline:
        children = psutil.Process(process.pid).children(recursive=True)
        workers = [child for child in children if is_worker(child)]
        time.sleep(0.02)
    os.kill(workers[0].pid, signal.SIGKILL)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "a worker process was killed" in errors.decode()


def is_worker(process: psutil.Process) -> bool:
    try:
        return process.name() == NAME or "spawn_main" in " ".join(process.cmdline())
    except psutil.NoSuchProcess:  # it ended while we looked
        return False


def alive(process: subprocess.Popen) -> bool:
    return process.poll() is None


def finish(process: subprocess.Popen) -> int:
    """Wait for the end; what was wrong is shown by pytest."""
    _, errors = process.communicate(timeout=60)
    sys.stderr.write(errors.decode())
    return process.returncode
