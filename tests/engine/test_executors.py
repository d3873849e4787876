"""Worker processes: one serves many tasks, and its death costs the task it had and no other."""

import os
import signal
import subprocess
import sys
import threading
import time

import psutil
import pytest

from invlib.engine.executors import NAME, LocalProcesses
from invlib.engine.forks import POSSIBLE
from invlib.errors import InvlibError, UsageError


@pytest.fixture
def pool():
    with LocalProcesses(workers=1, threads=1) as pool:
        yield pool


def test_one_process_that_is_not_ours_serves_one_task_after_the_other(pool):
    served = {pool.submit(os.getpid).result() for _ in range(3)}
    assert len(served) == 1
    assert os.getpid() not in served
    assert psutil.Process(*served).name() == NAME


def test_as_many_processes_as_workers_at_once():
    with LocalProcesses(workers=2, threads=1) as pool:
        asked = [pool.submit(_pid_after, 0.5) for _ in range(4)]
        assert len({future.result() for future in asked}) == 2


def test_what_a_task_raises_is_raised_and_the_next_one_is_served(pool):
    with pytest.raises(UsageError, match="so wide"):
        pool.submit(_refuse, "so wide").result()
    assert pool.submit(max, 1, 2).result() == 2


def test_an_answer_that_cannot_be_sent_is_an_error_of_its_task(pool):
    with pytest.raises(Exception, match="pickle"):
        pool.submit(threading.Lock).result()
    assert pool.submit(max, 1, 2).result() == 2


def test_a_task_that_cannot_be_sent_is_an_error_and_the_next_one_is_served(pool):
    first = pool.submit(os.getpid).result()
    with pytest.raises(Exception, match="pickle"):
        pool.submit(id, threading.Lock()).result()
    assert pool.submit(os.getpid).result() == first


def test_a_killed_process_fails_its_own_task_only(pool):
    killed, next_one = pool.submit(_kill_yourself), pool.submit(max, 1, 2)
    with pytest.raises(InvlibError, match="a worker process was killed"):
        killed.result()
    assert next_one.result() == 2


def test_a_process_that_was_killed_between_tasks_is_replaced(pool):
    first = psutil.Process(pool.submit(os.getpid).result())
    first.kill()
    psutil.wait_procs([first], timeout=10)
    assert pool.submit(os.getpid).result() != first.pid


def test_processes_end_with_the_pool():
    with LocalProcesses(workers=1, threads=1) as pool:
        served = psutil.Process(pool.submit(os.getpid).result())
    _, left = psutil.wait_procs([served], timeout=10)
    assert not left


AHEAD = """\
import os
from invlib.engine.executors import LocalProcesses, fork_ahead
fork_ahead(2)
for _ in range(2):
    with LocalProcesses(workers=2, threads=1) as pool:
        print(*(pool.submit(os.getpid).result() for _ in range(3)), flush=True)
os.kill(os.getpid(), 9)
"""


@pytest.mark.skipif(not POSSIBLE, reason="this system cannot fork safely")
def test_those_forked_ahead_serve_every_pool_and_end_with_their_process():
    ran = subprocess.run(
        [sys.executable, "-c", AHEAD], capture_output=True, text=True, check=False, timeout=60
    )
    first, second = (line.split() for line in ran.stdout.splitlines())
    assert ran.returncode == -signal.SIGKILL
    assert len({*first, *second}) <= 2
    deadline = time.monotonic() + 10
    while any(psutil.pid_exists(int(pid)) for pid in first) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(psutil.pid_exists(int(pid)) for pid in first)


def _pid_after(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


def _refuse(width: str) -> None:
    raise UsageError(f"parameter width is {width}.")


def _kill_yourself() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
