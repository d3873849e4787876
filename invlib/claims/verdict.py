"""Verdicts: every claim's criterion applied to the published paper-profile records.

One rule for all kinds. Reproduced: the criterion holds for the mean over seeds and for at least
80 % of the seeds. Partly: it holds for the mean, or for at least half of the seeds. Else it is
not reproduced; and where a planned run is missing, the claim is not run.
"""

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np

from invlib.claims.claim import Claim, all_claims
from invlib.claims.criteria import Criterion
from invlib.claims.kept import keep_answers, read_answers
from invlib.experiment import digest
from invlib.records.source import source_hash
from invlib.settings import Settings
from invlib.studies.fingerprint import fingerprint
from invlib.studies.notebook import Notebook, all_notebooks
from invlib.studies.study import MissingRecordsError, Runs, collect

REPRODUCED, PARTLY, NOT_REPRODUCED, NOT_RUN = "reproduced", "partly", "not reproduced", "not run"
VERDICTS = (REPRODUCED, PARTLY, NOT_REPRODUCED, NOT_RUN)


@dataclass(frozen=True)
class Verdict:
    """A claim with what was measured for it."""

    claim: Claim
    outcome: str
    measured: str = ""
    seeds: int = 0
    seeds_holding: int = 0
    stale: bool = False


def all_verdicts(settings: Settings, only: str | None = None) -> list[Verdict]:
    """The verdict on every claim, or on those of one notebook, from published records alone."""
    settings = settings.but(compute="never")
    notebooks = {notebook.name: notebook for notebook in all_notebooks(settings)}
    verdicts = []
    for name, claims in itertools.groupby(all_claims(settings), lambda claim: claim.notebook):
        if only in (None, name):
            verdicts += _of_notebook(notebooks[name], list(claims), settings)
    return verdicts


def _of_notebook(notebook: Notebook, claims: list[Claim], settings: Settings) -> list[Verdict]:
    """Judged once: while nothing that they rest on has changed, the verdicts stand."""
    mark = digest(
        {
            "page": fingerprint(notebook, notebook.values("paper"), settings),
            "rule": source_hash(__name__),
        }
    )
    answers = read_answers(notebook.name, mark, settings)
    if answers is None:
        runs = _published(notebook, settings)
        answers = [_answer(judge(claim, runs)) for claim in claims]
        keep_answers(notebook.name, mark, answers, settings)
    return [Verdict(claim, **answer) for claim, answer in zip(claims, answers, strict=True)]


def _published(notebook: Notebook, settings: Settings) -> Runs | None:
    try:
        return collect(notebook.study(), notebook.config("paper"), settings)
    except MissingRecordsError:
        return None


def _answer(verdict: Verdict) -> dict[str, Any]:
    return {name: value for name, value in vars(verdict).items() if name != "claim"}


def judge(claim: Claim, runs: Runs | None) -> Verdict:
    """Apply a claim's criterion to its runs."""
    if runs is None:
        return Verdict(claim, NOT_RUN)
    data = claim.criterion.data(runs)  # one row per seed
    return Verdict(
        claim,
        outcome=outcome(claim.criterion, data),
        measured=claim.criterion.describe(data),
        seeds=len(data),
        seeds_holding=int(sum(claim.criterion.holds(row) for row in data)),
        stale=any(known.stale for known in runs.known),
    )


def outcome(criterion: Criterion, data: np.ndarray) -> str:
    """The one rule, on rows of one seed each."""
    share = sum(criterion.holds(row) for row in data) / len(data)
    on_mean = criterion.holds(data.mean(0))
    if on_mean and share >= 0.8:
        return REPRODUCED
    if on_mean or share >= 0.5:
        return PARTLY
    return NOT_REPRODUCED
