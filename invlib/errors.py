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
