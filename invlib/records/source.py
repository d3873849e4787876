"""Which source files of invlib a module reaches, and one hash of what they say.

Found by reading, not by importing: a hash costs milliseconds and loads no torch. A name that a
package merely re-exports is followed to the file that defines it, so that a run depends on the
files that it uses and not on all their neighbours. Comments, docstrings and blank lines do not
count: better words do not make a result stale.
"""

import ast
import functools
import hashlib
import io
import threading
import tokenize
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]

# These can stop a run but never change a number, so a change in them does not age a record.
NEUTRAL = {"invlib", "invlib.errors", "invlib.files", "invlib.settings"}

_parsing = threading.Lock()


def source_hash(*modules: str) -> str:
    """One hash over every file of invlib that the modules reach."""
    total = hashlib.sha256()
    for name in sorted(reached(*modules)):
        path = _path(name)
        total.update(f"{name} {_meaning(path, path.stat().st_mtime_ns)}\n".encode())
    return total.hexdigest()[:16]


def reached(*modules: str) -> set[str]:
    """The modules of invlib that these import, directly or not, themselves included."""
    seen: set[str] = set()
    todo = list(modules)
    while todo:
        name = todo.pop()
        if name in seen or name in NEUTRAL:
            continue
        seen.add(name)
        todo.extend(imported_by(_path(name)))
    return seen


def imported_by(path: Path) -> list[str]:
    """The modules of invlib that one file imports, re-exports followed to their origin."""
    return _imported(path, path.stat().st_mtime_ns)


@functools.cache
def _imported(path: Path, mtime: int) -> list[str]:
    found = []
    for node in ast.walk(_tree(path, mtime)):
        if isinstance(node, ast.Import):
            found += [a.name for a in node.names if a.name.split(".")[0] == "invlib"]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "invlib":
            found += [_origin(node.module, alias.name) for alias in node.names]
    return found


def _origin(module: str, name: str) -> str:
    """The module that defines `name`, which `module` offers."""
    if _exists(f"{module}.{name}"):
        return f"{module}.{name}"
    path = _path(module)
    if path.name == "__init__.py":
        for node in ast.walk(_tree(path, path.stat().st_mtime_ns)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("invlib"):
                for alias in node.names:
                    if (alias.asname or alias.name) == name:
                        return _origin(node.module, alias.name)
    return module


def _exists(module: str) -> bool:
    base = PACKAGE.parent.joinpath(*module.split("."))
    return base.with_suffix(".py").is_file() or (base / "__init__.py").is_file()


def _path(module: str) -> Path:
    base = PACKAGE.parent.joinpath(*module.split("."))
    return base / "__init__.py" if base.is_dir() else base.with_suffix(".py")


def parse(text: str) -> ast.Module:
    """A module's syntax tree. One thread at a time: CPython 3.11 loses count when two parse."""
    with _parsing:
        return ast.parse(text)


@functools.cache
def _tree(path: Path, _mtime: int) -> ast.Module:
    return parse(path.read_text(encoding="utf-8"))


@functools.cache
def _meaning(path: Path, _mtime: int) -> str:
    """A hash of a file without comments, docstrings, blank lines and trailing space."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    for node in ast.walk(_tree(path, _mtime)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(
            node
        ):
            docstring = node.body[0]
            lines[docstring.lineno - 1 : docstring.end_lineno] = [""] * (
                docstring.end_lineno - docstring.lineno + 1
            )
    kept = [line.rstrip() for line in lines if line.strip()]
    return hashlib.sha256("\n".join(kept).encode()).hexdigest()
