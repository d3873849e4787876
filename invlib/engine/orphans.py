"""No process of ours outlives the one that started it, however that one ended."""

import multiprocessing
import os
import threading


def end_with_parent() -> None:
    """End this process when its parent does: an orphan would run on, unseen, beside the next."""
    threading.Thread(target=_wait_and_end, daemon=True).start()


def _wait_and_end() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
