"""Verdicts kept from one command to the next, those of a notebook in one file."""

import contextlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from invlib.files import write_text
from invlib.settings import Settings

Answers = Sequence[Mapping[str, Any]]  # what was found for each claim, in the order of the claims


def read_answers(notebook: str, mark: str, settings: Settings) -> Answers | None:
    """What was found under the same mark; None where that is not known."""
    try:
        content = json.loads(_path(notebook, settings).read_text(encoding="utf-8"))
        return content["answers"] if content["mark"] == mark else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep_answers(notebook: str, mark: str, answers: Answers, settings: Settings) -> None:
    """Keep what was found, if the folder can be written; if not, the next command asks again."""
    text = json.dumps({"mark": mark, "answers": answers}, indent=1)
    with contextlib.suppress(OSError):
        write_text(_path(notebook, settings), text + "\n")


def _path(notebook: str, settings: Settings) -> Path:
    return settings.runs_dir / "verdicts" / f"{notebook}.json"
