"""A claim of a paper, as notebooks/<paper>/claims/<notebook>.yaml states it before any run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from invlib.claims.criteria import Criterion, parse_criterion
from invlib.errors import InvlibError, UsageError
from invlib.settings import Settings
from invlib.studies.notebook import all_notebooks
from invlib.yaml_text import parse_yaml

KEYS = {"id", "where", "statement", "paper", "criterion", "note"}
OPTIONAL = {"paper", "note"}


@dataclass(frozen=True)
class Claim:
    """What the paper says, what it measured, and what ours must meet."""

    id: str
    where: str  # figure, theorem or section of the paper
    statement: str
    paper: float | None  # the paper's number, where it gives one
    notebook: str
    criterion: Criterion
    note: str = ""  # what we found out about a difference; the only part written after the run

    @property
    def part(self) -> str:
        """The paper that it belongs to: linear, genuine or ipg."""
        return self.notebook.split("/")[0]


def all_claims(settings: Settings) -> list[Claim]:
    """The claims of every notebook, in the order of the notebooks."""
    claims = []
    files = set(settings.notebooks_dir.glob("*/claims/*.yaml"))
    for notebook in all_notebooks(settings):
        path = notebook.claims_path
        if path not in files:
            continue
        files.remove(path)
        try:
            entries = parse_yaml(path.read_text(encoding="utf-8")) or []
            claims += [_parse(entry, notebook.name) for entry in entries]
        except (InvlibError, yaml.YAMLError, TypeError, ValueError, AttributeError) as error:
            raise UsageError(f"{path}: {error}") from None
    for path in sorted(files):
        name = f"{path.parent.parent.name}/{path.stem}"
        raise UsageError(f"{path}: there is no notebook {name} whose claims these could be.")
    ids = [claim.id for claim in claims]
    for claim_id in ids:
        if ids.count(claim_id) > 1:
            raise UsageError(f"two claims have the id {claim_id!r}.")
    return claims


def _parse(entry: Mapping[str, Any], notebook: str) -> Claim:
    name = entry.get("id", "a claim without id")
    missing, extra = KEYS - OPTIONAL - entry.keys(), entry.keys() - KEYS
    if missing or extra:
        odd = ", ".join(sorted(missing | extra))
        raise InvlibError(f"claim {name}: missing or unknown keys: {odd}.")
    paper = entry.get("paper")
    if paper is not None and type(paper) not in (int, float):
        raise InvlibError(f"claim {name}: paper is {paper!r}; it must be a number.")
    try:
        criterion = parse_criterion(entry["criterion"], paper)
    except InvlibError as error:
        raise InvlibError(f"claim {name}: {error}") from None
    return Claim(
        id=name,
        where=entry["where"],
        statement=" ".join(entry["statement"].split()),
        paper=paper,
        notebook=notebook,
        criterion=criterion,
        note=entry.get("note", ""),
    )
