"""Verdicts: every claim's criterion applied to the published paper-profile records.

One rule for all kinds. Reproduced: the criterion holds for the mean over seeds and for at least
80 % of the seeds. Partly: it holds for the mean, or for at least half of the seeds. Else it is
not reproduced; and where a planned run is missing, the claim is not run.
"""

from dataclasses import dataclass

import numpy as np

from invlib.claims.claim import Claim, all_claims
from invlib.claims.criteria import Criterion
from invlib.settings import Settings
from invlib.studies.notebook import all_notebooks
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
    runs: dict[str, Runs | None] = {}
    verdicts = []
    for claim in all_claims(settings):
        if only is not None and claim.notebook != only:
            continue
        if claim.notebook not in runs:
            notebook = notebooks.get(claim.notebook)
            try:
                runs[claim.notebook] = notebook and collect(
                    notebook.study(), notebook.config("paper"), settings
                )
            except MissingRecordsError:
                runs[claim.notebook] = None
        verdicts.append(judge(claim, runs[claim.notebook]))
    return verdicts


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
        seeds_holding=sum(claim.criterion.holds(row) for row in data),
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
