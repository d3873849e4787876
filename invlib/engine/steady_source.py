"""Whether the source on disk is still the one that computes.

A record is signed with a hash of the source as it is on disk. A kernel that lives through an edit
would compute with what it has loaded; a worker started after the edit, with what no plan knew.
"""

from collections.abc import Mapping
from pathlib import Path

from invlib.errors import InvlibError
from invlib.files import written
from invlib.records.source import PACKAGE, reached

Written = Mapping[str, tuple[int, int, int] | None]

# As this process begins to load what computes.
LOADED: Written = {str(path): written(path) for path in PACKAGE.rglob("*.py")}


def edited(module: str, loaded: Written) -> list[str]:
    """The files that the module reaches and that have been written since they were loaded."""
    changed = {_module(path): path for path, state in loaded.items() if written(path) != state}
    return [changed[name] for name in sorted(changed.keys() & reached(module))] if changed else []


def refuse_edited(module: str, loaded: Written) -> None:
    """Stop if a file that the module reaches has been written since it was loaded."""
    if files := edited(module, loaded):
        raise InvlibError(
            f"{files[0]} was edited after this process had loaded it; a result would carry "
            "the name of another source. Restart the kernel, or the command; what is finished is "
            "kept."
        )


def _module(path: str) -> str:
    inside = Path(path).relative_to(PACKAGE.parent).with_suffix("")
    return ".".join(inside.parent.parts if inside.name == "__init__" else inside.parts)
