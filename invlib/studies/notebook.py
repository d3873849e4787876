"""What a notebook's source says about itself: its head, its title and its parameters.

Read as text, without jupytext or torch, so that listing costs milliseconds. The head is the YAML
block that jupytext puts first; ours adds an `invlib` entry, checked here.
"""

import ast
import functools
import importlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from invlib.config import Config
from invlib.errors import InvlibError, unknown
from invlib.records.source import parse
from invlib.settings import Settings
from invlib.yaml_text import parse_yaml

if TYPE_CHECKING:  # the study is imported when it is asked for: listing must not wait for pandas
    from invlib.studies.study import Study

PROFILES = ("quick", "paper")
PENDING = "pending"  # in the profiles file: its paper runs are still to be made and published
HEAD_KEYS = {"study": str, "shows": str, "data": dict, "seconds": dict}


@dataclass(frozen=True)
class Parameter:
    """One line of the parameters cell."""

    name: str
    default: Any
    help: str


@dataclass(frozen=True)
class Notebook:
    """A notebook's source, described."""

    name: str  # linear/three_ways
    path: Path
    title: str
    study_module: str
    shows: str  # the figures or claims it reproduces
    data: Mapping[str, str]  # per profile, the data set
    seconds: Mapping[str, float]  # per profile, what to expect on two cores
    parameters: tuple[Parameter, ...]
    profiles: Mapping[str, Mapping[str, Any]]  # per profile, what differs from the defaults
    pending: bool = False  # whether its runs at profile paper are still to be published

    @property
    def claims_path(self) -> Path:
        """Where the claims that it answers are written down, if it answers any."""
        return self.path.parent / "claims" / f"{self.path.stem}.yaml"

    def study(self) -> "Study":
        """The study that it runs. Imports torch."""
        try:
            return importlib.import_module(self.study_module).STUDY
        except (ModuleNotFoundError, AttributeError) as error:
            raise InvlibError(
                f"{self.path}: the head's study {self.study_module} offers no STUDY: {error}."
            ) from error

    def values(self, profile: str, overrides: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """All parameters at a profile, changed by `overrides`; unknown names are refused."""
        if profile not in PROFILES:
            raise unknown("profile", profile, PROFILES)
        values = {parameter.name: parameter.default for parameter in self.parameters}
        for name, value in {**self.profiles[profile], **(overrides or {})}.items():
            if name not in values:
                raise unknown("parameter", name, values, where=f"of {self.name}")
            values[name] = value
        return values

    def config(self, profile: str, overrides: Mapping[str, Any] | None = None) -> Config:
        """The same as the study's configuration: types and ranges checked. Imports torch."""
        return self.study().parameters.parse(self.values(profile, overrides))


def all_notebooks(settings: Settings) -> list[Notebook]:
    """Every notebook of the checkout, in the order of the profiles file."""
    profiles = _profiles(settings)
    found = {
        str(path.relative_to(settings.notebooks_dir).with_suffix("")): path
        for path in settings.notebooks_dir.glob("[!.]*/[!.]*.py")
    }
    if profiles.keys() != found.keys():
        odd = ", ".join(sorted(map(str, profiles.keys() ^ found.keys())))
        raise InvlibError(
            f"notebooks/profiles.yaml and the files in notebooks/ disagree about: {odd}. Each "
            "notebook needs a file and an entry."
        )
    return [_read(name, found[name], dict(entry)) for name, entry in profiles.items()]


def find_notebook(name: str, settings: Settings) -> Notebook:
    """One notebook by name."""
    notebooks = {notebook.name: notebook for notebook in all_notebooks(settings)}
    if name not in notebooks:
        raise unknown("notebook", name, notebooks)
    return notebooks[name]


def select(settings: Settings, only: str | None) -> list[Notebook]:
    """The notebooks of one paper or the one of that name; all of them without a name."""
    notebooks = all_notebooks(settings)
    if only is None:
        return notebooks
    chosen = [n for n in notebooks if only in (n.name, n.name.split("/")[0])]
    if not chosen:
        papers = {notebook.name.split("/")[0] for notebook in notebooks}
        raise unknown("notebook or paper", only, papers | {n.name for n in notebooks})
    return chosen


def _profiles(settings: Settings) -> dict[str, dict[str, Any]]:
    path = settings.notebooks_dir / "profiles.yaml"
    try:
        content = _yaml(path.read_text(encoding="utf-8"), path)
    except FileNotFoundError:
        raise InvlibError(f"{path} is missing: it lists the notebooks and profiles.") from None
    for name, entry in content.items():
        if not isinstance(entry, dict) or set(entry) - {PENDING} != set(PROFILES):
            raise InvlibError(f"{path}: {name} must list the profiles {', '.join(PROFILES)}.")
        if not isinstance(entry.get(PENDING, False), bool):
            raise InvlibError(f"{path}: {name}, {PENDING} must be true or false.")
        for profile in PROFILES:
            if not isinstance(entry[profile], dict | None):
                raise InvlibError(f"{path}: {name}, {profile} must list parameters and values.")
    return content


def _yaml(text: str, path: Path) -> dict[str, Any]:
    """Plain YAML that maps names to values."""
    try:
        content = parse_yaml(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InvlibError(f"{path} is not valid YAML: {' '.join(str(error).split())}") from None
    if not isinstance(content, dict):
        raise InvlibError(f"{path}: found {content!r} where names with values must stand.")
    return content


@functools.lru_cache(maxsize=256)
def _text(path: Path, _mtime: int) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InvlibError(f"{path} is not UTF-8 text: {error}.") from None


def _read(name: str, path: Path, entry: dict[str, Any]) -> Notebook:
    text = _text(path, path.stat().st_mtime_ns)
    head = _head(text, path)
    title = re.search(r"^# # (.+)$", text, re.MULTILINE)
    if title is None:
        raise InvlibError(f"{path}: the first Markdown cell must start with a title, `# # ...`.")
    return Notebook(
        name=name,
        path=path,
        title=title[1],
        study_module=head["study"],
        shows=head["shows"],
        data=head["data"],
        seconds=head["seconds"],
        parameters=_parameters(text, path),
        profiles={profile: entry[profile] or {} for profile in PROFILES},
        pending=entry.get(PENDING, False),
    )


def _head(text: str, path: Path) -> dict[str, Any]:
    match = re.match(r"# ---\n((?:#.*\n)+?)# ---\n", text)
    if match is None:
        raise InvlibError(f"{path}: no head; a notebook starts with jupytext's YAML block.")
    block = "".join(line[2:] + "\n" for line in match[1].splitlines())
    jupyter = _part(_yaml(block, path), "jupyter")
    if _part(jupyter, "kernelspec").get("language") != "python":
        raise InvlibError(f"{path}: the head's kernelspec must say `language: python`.")
    head = _part(jupyter, "invlib")
    if set(head) != set(HEAD_KEYS):
        odd = ", ".join(sorted(set(head) ^ set(HEAD_KEYS)))
        raise InvlibError(f"{path}: the head's invlib entry is missing or has too much: {odd}.")
    for key, kind in HEAD_KEYS.items():
        if not isinstance(head[key], kind):
            raise InvlibError(f"{path}: the head's invlib.{key} must be a {kind.__name__}.")
    for key in ("data", "seconds"):
        if set(head[key]) != set(PROFILES):
            raise InvlibError(f"{path}: invlib.{key} must have: {', '.join(PROFILES)}.")
    return head


def _part(head: dict[str, Any], key: str) -> dict[str, Any]:
    part = head.get(key)
    return part if isinstance(part, dict) else {}


def _parameters(text: str, path: Path) -> tuple[Parameter, ...]:
    """The assignments of the cell tagged `parameters`, with the comment behind each."""
    cell = re.search(r'^# %%.*tags=\[[^]]*"parameters".*\n((?:(?!# %%).*\n)*)', text, re.MULTILINE)
    if cell is None:
        raise InvlibError(f"{path}: no cell is tagged `parameters`.")
    lines = cell[1].splitlines()
    found = []
    try:
        body = parse(cell[1]).body
    except SyntaxError as error:
        raise InvlibError(f"{path}: the parameters cell is not Python: {error.msg}.") from None
    for node in body:
        value = _literal(node)
        if value is None:
            raise InvlibError(f"{path}: the parameters cell holds more than `name = value` lines.")
        comment = lines[node.end_lineno - 1][node.end_col_offset :].partition("#")[2].strip()
        if not comment:
            raise InvlibError(f"{path}: parameter {node.targets[0].id} has no comment behind it.")
        found.append(Parameter(node.targets[0].id, value, comment))
    return tuple(found)


def _literal(node: ast.stmt) -> Any:
    """The value of `name = literal`; None if the statement is anything else."""
    if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
        return None
    try:
        return ast.literal_eval(node.value)
    except ValueError:
        return None
