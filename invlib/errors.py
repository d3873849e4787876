"""Errors that a person can act on, and the nearest valid name for a mistyped one."""

import difflib
from collections.abc import Iterable


class InvlibError(Exception):
    """What is wrong, where, and what to do, in one or two lines. Exit status 1."""

    exit_status = 1


class UsageError(InvlibError):
    """Something asked for does not exist or is not allowed. Exit status 2."""

    exit_status = 2


def unknown(kind: str, name: str, valid: Iterable[str], where: str = "") -> UsageError:
    """The refusal of an unknown name: says the nearest valid one and lists them all."""
    valid = sorted(valid)
    near = difflib.get_close_matches(name, valid, n=1, cutoff=0.5)
    guess = f" Did you mean {near[0]!r}?" if near else ""
    place = f" {where}" if where else ""
    return UsageError(
        f"unknown {kind} {name!r}{place}.{guess} Valid: {', '.join(valid) or 'none'}."
    )


def in_words(error: OSError) -> str:
    """What the system refused, and on which file: a full disk, a file where a folder must be."""
    what = error.strerror or str(error) or type(error).__name__
    paths = [str(name) for name in (error.filename, error.filename2) if name is not None]
    where = f": {' -> '.join(paths)}" if paths else ""
    return f"{what}{where}. What had finished is kept; mend this and run it again to go on."
