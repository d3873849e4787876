"""Seconds of a function, for the benchmarks."""

import time
from collections.abc import Callable


def timed(function: Callable[[], object], times: int = 1) -> float:
    """The median of several runs, in seconds."""
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        function()
        spent.append(time.perf_counter() - start)
    return sorted(spent)[len(spent) // 2]
