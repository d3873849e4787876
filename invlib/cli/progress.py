"""Watching a notebook run: a bar on a terminal, its log's lines elsewhere."""

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

PERIOD = 0.5  # seconds between looks at the log


@contextlib.contextmanager
def watching(log: Path, expected: float) -> Iterator[None]:
    """Show that a notebook is running, until the block ends.

    On a terminal: a bar with the time spent and the time it should still take, which is `expected`
    seconds less what is spent, and the last line of the log. Elsewhere: every line of the log.
    """
    ended = threading.Event()
    show = _bar if sys.stderr.isatty() else _lines
    watcher = threading.Thread(target=show, args=(log, expected, ended), daemon=True)
    if log.exists():
        log.unlink()  # an earlier run's lines are not this one's
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()


@contextlib.contextmanager
def reporting() -> Iterator[tuple[Callable[[str], None], Callable[[float, float], None]]]:
    """How a build tells what happens: lines; and on a terminal, below them, a bar of its notebooks.

    Gives a function for a line, and one for the seconds of work done and to be done in all.
    """
    if not sys.stderr.isatty():
        yield lambda line: print(line, flush=True), lambda done, total: None
        return
    from tqdm import tqdm

    form = "{percentage:3.0f}% {bar} {elapsed} spent, about {remaining} left"
    with tqdm(total=1, bar_format=form, leave=False, file=sys.stderr) as bar:

        def advance(done: float, total: float) -> None:
            bar.total, bar.n = total, done
            bar.refresh()

        yield tqdm.write, advance


def _bar(log: Path, expected: float, ended: threading.Event) -> None:
    from tqdm import tqdm

    clock = time.monotonic()
    form = "{percentage:3.0f}% {bar} {elapsed} spent{postfix}"
    with tqdm(total=100, bar_format=form, leave=False, file=sys.stderr) as bar:
        while not ended.wait(PERIOD):
            spent = time.monotonic() - clock
            bar.n = min(99, 100 * spent / max(expected, spent + 1))
            left = (
                f"about {expected - spent:.0f} s left" if spent < expected else "longer than usual"
            )
            words = _written(log)
            bar.set_postfix_str(f"{left}; {words[-1]}" if words else left)


def _lines(log: Path, _expected: float, ended: threading.Event) -> None:
    shown = 0
    while True:
        last = ended.wait(PERIOD)
        lines = _written(log)
        for line in lines[shown:]:
            print(f"  {line}", flush=True)
        shown = len(lines)
        if last:
            return


def _written(log: Path) -> list[str]:
    """The whole lines of the log so far."""
    try:
        text = log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return text[: text.rfind("\n") + 1].splitlines()
