"""Where a number comes from: commit, source, packages, machine, time."""

import functools
import importlib.metadata
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

PACKAGES = ("numpy", "pandas", "scikit-learn", "scipy", "torch", "torchvision")


@functools.cache
def commit(root: Path) -> tuple[str, bool]:
    """The git commit of a checkout, and whether what a number depends on differs from it."""
    try:
        head = _git(root, "rev-parse", "HEAD")
        changed = _git(root, "status", "--porcelain", "--", "invlib", "requirements.txt")
    except (OSError, subprocess.CalledProcessError):
        return "unknown", True  # an unpacked archive has no history to name
    return head, bool(changed)


@functools.cache
def package_versions(*more: str) -> dict[str, str]:
    """The versions of the packages that numbers depend on, and of Python."""
    versions = {name: importlib.metadata.version(name) for name in (*PACKAGES, *more)}
    return {"python": platform.python_version(), **versions}


def now() -> str:
    """The time, to the second, with its zone."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _git(root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(root), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
