"""Generated pages of a book: what was found, the status, the data, the records of each notebook."""

import html
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from invlib.book.gate import Page
from invlib.claims.table import verdict_table
from invlib.claims.verdict import VERDICTS, Verdict
from invlib.data.description import BUNDLED, Manifest

QUICK_FRONT = """\
These pages show what this machine has just run: small data, few seeds, seconds per notebook. They
are for learning and for checking that everything works. No verdict rests on them; the verdicts on
the papers' claims stand on the front page of the other book.
"""


def front(book: str, pages: Sequence[Page], verdicts: Sequence[Verdict]) -> str:
    """The scoreboard, or for the quick book what it is and what ran."""
    if book == "quick":
        return QUICK_FRONT + "\n" + _raw(_status_table(pages, up=""))
    counts = Counter(verdict.outcome for verdict in verdicts)
    words = ", ".join(f"**{counts[name]}** {name}" for name in VERDICTS)
    parts = sorted({verdict.claim.part for verdict in verdicts})
    silent = [part for part in ("linear", "genuine", "ipg") if part not in parts]
    lines = [f"Of {len(verdicts)} claims examined so far: {words}."]
    if silent:
        lines.append(f"No claim of {' and '.join(silent)} has been examined yet.")
    for part in parts:
        rows = [verdict for verdict in verdicts if verdict.claim.part == part]
        lines.append(f"\n### {part}\n\n{_raw(verdict_table(rows, pages=True))}")
    return "\n".join(lines) + "\n"


def without_results(page: Page, verdicts: Sequence[Verdict]) -> str:
    """Where nothing can be shown yet: the title, and what the results will be held against."""
    own = [verdict for verdict in verdicts if verdict.claim.notebook == page.name]
    text = f"# {page.task.place.notebook.title}\n\nThis page has no results yet.\n"
    if not own:
        return text
    return text + f"\nThe criteria of its claims are fixed:\n\n{_raw(verdict_table(own))}\n"


def status(pages: Sequence[Page]) -> str:
    """Every notebook: profile, state, seconds, age, data, commit; and the versions it ran with."""
    versions = {
        name: version
        for page in pages
        if page.entry
        for name, version in page.entry.packages.items()
    }
    rows = "".join(f"<tr><td>{name}</td><td>{v}</td></tr>" for name, v in sorted(versions.items()))
    return (
        "# Status\n\nWhat stands in this book and how it got there. Seconds are those of executing "
        "the notebook; where it shows published records, that is the time to draw them, not to "
        "compute them.\n\n"
        + _raw(_status_table(pages, up="../"))
        + "\n## Versions\n\n"
        + _raw(_table(("package", "version"), rows))
    )


def data(manifests: Sequence[Manifest]) -> str:
    """What each data set is, where it comes from and how it is checked."""
    lines = [
        "# Data\n",
        "Nothing is downloaded while a notebook runs. The bundled sets come with scikit-learn; "
        "`invlib data fetch` brings the others, and every load checks them against the checksums "
        "below, which are those of the decompressed content. Files lie in `~/.cache/invlib`, or "
        "where `INVLIB_DATA` points; a folder that torchvision filled is found as it is.\n",
    ]
    for manifest in manifests:
        lines.append(_data_set(manifest))
    return "\n".join(lines)


def records(page: Page) -> str:
    """The parameters of a notebook's run, and its records."""
    entry = page.entry
    title = f"# Records of {page.name}\n\n"
    if entry is None:
        return title + "There are none yet.\n"
    parameters = "".join(
        f"<tr><td>{name}</td><td>{html.escape(str(value))}</td></tr>"
        for name, value in entry.parameters.items()
    )
    rows = "".join(
        f'<tr><td><a href="../../{record_url(record["path"])}">{record["path"].split("/")[-1]}</a>'
        f"</td><td>{record['origin']}</td><td>{'stale' if record['stale'] else 'current'}</td></tr>"
        for record in entry.records
    )
    return (
        f"{title}Notebook: [{page.name}](/{page.name}). Profile {entry.profile}, commit "
        f"{entry.commit[:8]}{' with local changes' if entry.dirty else ''}.\n\n## Parameters\n\n"
        + _raw(_table(("parameter", "value"), parameters))
        + "\n## Records\n\n"
        + _raw(_table(("record", "origin", "source since"), rows))
    )


def records_index(pages: Sequence[Page]) -> str:
    """Links to the record pages."""
    return "\n".join(f"- [{page.name}](/made/records/{record_page(page.name)})" for page in pages)


def record_page(notebook: str) -> str:
    return notebook.replace("/", "-")


def record_url(path: str) -> str:
    """Where a record's JSON lies in the built book."""
    return f"results/{path}.json"


def _status_table(pages: Sequence[Page], up: str) -> str:
    rows = []
    for page in pages:
        entry = page.entry
        state = "done" if entry and not page.banner else page.banner or "not run"
        link = f'<a href="{up}{page.name}.html">{page.name}</a>'
        cells = [link, page.task.profile, html.escape(state)]
        if entry is None:
            cells += ["–"] * 4
        else:
            cells += [
                f"{entry.seconds:.1f}",
                _age(entry.finished),
                page.task.place.notebook.data[page.task.profile],
                entry.commit[:8] + (" with local changes" if entry.dirty else ""),
            ]
        rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    heads = ("notebook", "profile", "state", "seconds", "age", "data", "commit")
    return _table(heads, "".join(rows))


def _age(finished: str) -> str:
    days = (datetime.now(UTC) - datetime.fromisoformat(finished)).days
    return "today" if days < 1 else f"{days} days"


def _data_set(manifest: Manifest) -> str:
    bundled = manifest.kind == BUNDLED
    cite, files = (
        manifest.citation,
        "".join(
            f"<tr><td>{file.name}</td><td>{file.content_bytes:,}</td><td><code>{file.sha256}</code></td>"
            "</tr>"
            for file in manifest.files
        ),
    )
    splits = "".join(
        f"<tr><td>{split.name}</td><td>{split.count:,}</td>"
        f"<td>{'&nbsp;×&nbsp;'.join(map(str, split.shape))}</td>"
        f"<td>{', '.join(map(str, split.per_class))}</td></tr>"
        for split in manifest.splits
    )
    origin = (
        "Bundled with scikit-learn."
        if bundled
        else "Sources, tried in this order: " + ", ".join(f"<{url}>" for url in manifest.sources)
    )
    parts = [
        f"## {manifest.title}\n",
        f"Name here: `{manifest.name}`. Version {manifest.version}. Licence: {manifest.licence}. "
        f"Homepage: <{manifest.homepage}>.\n",
        f"{', '.join(cite.authors)} ({cite.year}). *{cite.title}*. {cite.venue}. <{cite.url}>\n",
        origin + "\n",
        _raw(_table(("file", "bytes of content", "sha256 of content"), files)),
    ]
    if manifest.splits:
        heads = ("split", "images", "size", "images per class")
        parts.append(_raw(_table(heads, splits)))
    if manifest.errata:
        parts.append(
            "Known errata:\n\n" + "\n".join(f"- {text}" for text in manifest.errata) + "\n"
        )
    if not bundled:
        parts.append(f"By hand, if every source fails: {manifest.by_hand}\n")
    return "\n".join(parts)


def _table(heads: Sequence[str], rows: str) -> str:
    cells = "".join(f'<th scope="col">{head}</th>' for head in heads)
    return (
        f'<div class="inv-scroll" tabindex="0" role="region" aria-label="{heads[0]}">'
        f'<table class="inv-table"><thead><tr>{cells}</tr></thead><tbody>{rows}</tbody></table>'
        "</div>"
    )


def _raw(markup: str) -> str:
    """HTML that Markdown is not to touch."""
    return f"```{{raw}} html\n{markup}\n```\n"
