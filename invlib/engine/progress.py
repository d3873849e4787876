"""Progress as plain lines, at most one every few seconds: readable in a log and in a notebook."""

import time


class Lines:
    """Prints a label with the fraction done, the time spent and the time it should still take."""

    def __init__(self, every: float = 3.0) -> None:
        self.every = every
        self.started: dict[str, float] = {}
        self.printed: dict[str, float] = {}

    def __call__(self, label: str, fraction: float) -> None:
        now = time.perf_counter()
        started = self.started.setdefault(label, now)
        if fraction < 1 and now - self.printed.get(label, started) < self.every:
            return
        self.printed[label] = now
        spent = now - started
        if fraction >= 1:
            print(f"{label}: done in {spent:.1f} s", flush=True)
        else:
            left = f", about {spent / fraction - spent:.0f} s left" if fraction > 0 else ""
            print(f"{label}: {fraction:.0%} after {spent:.0f} s{left}", flush=True)
