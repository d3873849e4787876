"""A Sphinx extension: each page says which of the two books it is in, and links to its twin.

It also mends in the finished pages what the theme gets wrong for those who do not see them.
"""

import html
import json
import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

WORDS = {
    "paper": "Published results at the scale of the papers. Twin: "
    '<a href="{twin}">the same page as this machine has just run it, on small data</a>.',
    "quick": "What this machine has just run, on small data; no verdict rests on it. Twin: "
    '<a href="{twin}">the same page with the published results</a>.',
}

# What a screen reader, or a person who speaks to the computer, hears must be what stands there.
MENDED_LABELS = (
    # Folded code: the label hid the summary's own words.
    (re.compile(r'<summary aria-label="Toggle hidden content">'), "<summary>"),
    # Arrows of the contents had no name at all.
    (
        re.compile(r"(<a [^>]*>([^<]*)</a><details[^>]*>)<summary>"),
        r'\1<summary aria-label="Pages of \2">',
    ),
    # The search field reads "Search Ctrl+K", the icons for light and dark "Light", "Dark".
    (re.compile(r'(<button class="btn search-button-field[^>]*?) aria-label="[^"]*"'), r"\1"),
    (re.compile(r'(<i class="theme-switch [^>]*?) title="[^"]*"'), r"\1"),
)


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_config_value("invlib_site", "", "html")
    app.connect("html-page-context", add_page_bar)
    app.connect("build-finished", mend_labels)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def add_page_bar(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    """Put the bar, the banner and the downloads above the body of a page."""
    context["script_files"] = [s for s in context["script_files"] if not _is_live_code(s)]
    site = json.loads(Path(app.config.invlib_site).read_text(encoding="utf-8"))
    up = "../" * pagename.count("/")
    twin = f"{up}quick/{pagename}.html" if site["book"] == "paper" else f"{up}../{pagename}.html"
    bar = WORDS[site["book"]].format(twin=html.escape(twin))
    if "body" not in context:  # the search page is all template; what the theme lets in is a banner
        context["theme_announcement"] = f'<p class="inv-page-bar" role="note">{bar}</p>'
        return
    page = site["pages"].get(pagename)
    banner = ""
    if page is not None:
        bar += f' <span class="inv-downloads">{_downloads(up, pagename, page)}</span>'
        if page["banner"]:
            banner = f'<p class="inv-banner" role="note">{html.escape(page["banner"])}.</p>'
    context["body"] = f'<p class="inv-page-bar" role="note">{bar}</p>{banner}{context["body"]}'


def _is_live_code(script: Any) -> bool:
    """Jupyter Book always adds Thebe, and its constants twice, which is an error in the browser."""
    return "thebe" in str(getattr(script, "attributes", {}).get("body", "")) + str(script.filename)


def _downloads(up: str, pagename: str, page: dict[str, Any]) -> str:
    links = [f'<a href="{up}downloads/{pagename}.py" download>source (.py)</a>']
    if page["executed"]:
        links.append(
            f'<a href="{up}downloads/{pagename}.ipynb" download>executed notebook (.ipynb)</a>'
        )
    return "Download: " + ", ".join(links) + "."


def mend_labels(app: Sphinx, failure: Exception | None) -> None:
    """The labels come out of the themes' templates, so they are mended in the pages as written."""
    for path in [] if failure else Path(app.outdir).rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for wrong, right in MENDED_LABELS:
            text = wrong.sub(right, text)
        path.write_text(text, encoding="utf-8")
