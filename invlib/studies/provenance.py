"""One line under every figure and table: what it shows was made by what, from what, when."""

import html

from invlib.experiment import RANDOM
from invlib.settings import from_environment
from invlib.studies.study import Runs


def provenance_line(runs: Runs) -> str:
    """Notebook, data, seeds, commit, seconds and a link to the records, as HTML."""
    settings = from_environment()
    records = [known.record for known in runs.known]
    data = sorted({record.run.data for record in records})
    seeds = {record.run.seed for record in records}
    commits = sorted({_commit(record.provenance) for record in records})
    seconds = sum(record.provenance["seconds"] for record in records)
    stale = sum(known.stale for known in runs.known)
    parts = [
        html.escape(settings.notebook or "interactive session"),
        f"data {', '.join(data).replace(RANDOM, 'drawn at random')}",
        f"{len(records)} runs over {len(seeds)} seeds",
        f"commit {', '.join(commits[:3])}{' and others' if len(commits) > 3 else ''}",
        f"{seconds:.1f} s",
        _link(settings.notebook),
    ]
    if stale:
        parts.append(f"<strong>stale: the source of {stale} runs has changed since</strong>")
    return f'<span class="inv-provenance">{" · ".join(part for part in parts if part)}</span>'


def _commit(provenance: dict) -> str:
    return provenance["commit"][:8] + (" with local changes" if provenance["dirty"] else "")


def _link(notebook: str) -> str:
    """To the page that lists the records; pages of notebooks lie one folder below the front."""
    if not notebook:
        return ""
    target = f"../made/records/{notebook.replace('/', '-')}.html"
    return f'<a href="{target}">parameters and records</a>'
