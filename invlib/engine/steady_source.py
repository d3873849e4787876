"""Whether the source on disk is still the one that computes.

A record is signed with a hash of the source as it is on disk. A kernel that lives through an edit
would compute with what it has loaded; a worker started after the edit, with what no plan knew.
"""

from collections.abc import Mapping
from pathlib import Path

from invlib.errors import InvlibError
from invlib.records.source import PACKAGE, reached


def _written(path: str) -> int | None:
    """When a file was written last, by the clock of its own file system."""
    try:
        return Path(path).stat().st_mtime_ns
    except FileNotFoundError:
        return None


# As this process begins to load what computes.
LOADED: Mapping[str, int | None] = {
    str(path): _written(str(path)) for path in PACKAGE.rglob("*.py")
}


def refuse_edited(module: str, loaded: Mapping[str, int | None]) -> None:
    """Stop if a file that the module reaches has been written since it was loaded."""
    edited = {_module(path): path for path, time in loaded.items() if _written(path) != time}
    own = sorted(edited.keys() & reached(module)) if edited else []
    if own:
        raise InvlibError(
            f"{edited[own[0]]} was edited after this process had loaded it; a result would carry "
            "the name of another source. Restart the kernel, or the command; what is finished is "
            "kept."
        )


def _module(path: str) -> str:
    inside = Path(path).relative_to(PACKAGE.parent).with_suffix("")
    return ".".join(inside.parent.parts if inside.name == "__init__" else inside.parts)
