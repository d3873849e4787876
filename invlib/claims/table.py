"""Verdicts as an HTML table: on the page of a notebook, and on the front page for all of them."""

import html
import itertools
from collections import Counter
from collections.abc import Sequence

from IPython.display import HTML, display

from invlib.claims.verdict import VERDICTS, Verdict, all_verdicts
from invlib.settings import from_environment
from invlib.studies.notebook import find_notebook

CAPTION = (
    "Each claim with its criterion, the paper's number, ours (mean ± standard deviation over n "
    "seeds; the notebook's tables say which epoch counts) and the verdict. Source: published "
    "records, profile paper."
)


def show_verdicts(notebook: str) -> None:
    """Display the claims that a notebook answers."""
    display(HTML(verdict_table(all_verdicts(from_environment(), only=notebook))))


def verdict_table(verdicts: Sequence[Verdict], pages: bool = False) -> str:
    """The table; with `pages`, each claim links to its row on the page that shows it.

    A phone stacks the cells of a row; the roles keep it a table for a screen reader even so.
    """
    bodies = []
    for notebook, group in itertools.groupby(verdicts, lambda verdict: verdict.claim.notebook):
        own = list(group)
        rows = "".join(_row(verdict, pages) for verdict in own)
        head = _heading(notebook, own) if pages else ""
        bodies.append(f'<tbody role="rowgroup">{head}{rows}</tbody>')
    heads = "".join(
        f'<th scope="col" role="columnheader">{name}</th>'
        for name in ("claim", "paper", "ours", "verdict")
    )
    return (
        '<figure class="inv-figure"><div class="inv-scroll" tabindex="0" role="region" '
        'aria-label="Claims and verdicts"><table class="inv-table inv-claims" role="table">'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead>'
        f"{''.join(bodies)}</table></div>"
        f"<figcaption>{CAPTION} {_provenance(verdicts, pages)}</figcaption></figure>"
    )


def count_words(verdicts: Sequence[Verdict]) -> str:
    """How many of each verdict, in words: 9 reproduced, 4 partly."""
    counts = Counter(verdict.outcome for verdict in verdicts)
    return ", ".join(f"{counts[name]} {name}" for name in VERDICTS if counts[name])


def badge(verdict: Verdict) -> str:
    """The verdict as a coloured word that also reads without colour."""
    name = verdict.outcome.replace(" ", "-")
    seeds = f" <small>{verdict.seeds_holding} of {verdict.seeds} seeds</small>"
    stale = " <small>stale</small>" if verdict.stale else ""
    word = f'<span class="inv-verdict inv-{name}">{verdict.outcome}</span>'
    return word + (seeds if verdict.seeds else "") + stale


def _heading(notebook: str, verdicts: Sequence[Verdict]) -> str:
    """A row above the claims of one notebook."""
    title = html.escape(find_notebook(notebook, from_environment()).title)
    return (
        '<tr class="inv-group" role="row"><th scope="rowgroup" colspan="4" role="rowheader">'
        f'<a href="{notebook}.html">{title}</a> <small>{count_words(verdicts)}</small></th></tr>'
    )


def _provenance(verdicts: Sequence[Verdict], pages: bool) -> str:
    """Links to the records behind the verdicts: the front book's, whatever book this stands in."""
    quick = from_environment().profile == "quick"
    up = "" if pages else "../../" if quick else "../"
    notebooks = sorted({verdict.claim.notebook for verdict in verdicts})
    links = ", ".join(
        f'<a href="{up}made/records/{name.replace("/", "-")}.html">{name}</a>' for name in notebooks
    )
    return f'<span class="inv-provenance">Parameters and records: {links}</span>'


def _row(verdict: Verdict, pages: bool) -> str:
    claim = verdict.claim
    paper = "–" if claim.paper is None else f"{claim.paper:g}"
    ours = (
        f"{verdict.measured} <small>n = {verdict.seeds}, profile paper</small>"
        if verdict.seeds
        else "–"
    )
    statement, where = html.escape(claim.statement), html.escape(claim.where)
    if pages:
        statement = f'<a href="{claim.notebook}.html#claim-{claim.id}">{statement}</a>'
        anchor = ""
    else:
        anchor = f' id="claim-{claim.id}"'
    rule = html.escape(claim.criterion.rule())
    note = f" <small>After the run: {html.escape(claim.note)}</small>" if claim.note else ""
    return (
        f'<tr{anchor} role="row"><td role="cell">{statement} <small>{where}. Criterion: {rule}.'
        f'</small>{note}</td><td role="cell" data-head="paper">{paper}</td>'
        f'<td role="cell" data-head="ours">{ours}</td>'
        f'<td role="cell" data-head="verdict">{badge(verdict)}</td></tr>'
    )
