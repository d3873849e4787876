"""A Sphinx extension: each page says which of the two books it is in, and links to its twin.

It also serves MathJax from the file that `site` put beside the pages, so that no request leaves
them.
"""

import html
import json
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

WORDS = {
    "paper": "Published results at the scale of the papers. Twin: "
    '<a href="{twin}">the same page as this machine has just run it, on small data</a>.',
    "quick": "What this machine has just run, on small data; no verdict rests on it. Twin: "
    '<a href="{twin}">the same page with the published results</a>.',
}


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_config_value("invlib_site", "", "html")
    app.connect("html-page-context", add_page_bar)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def add_page_bar(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    """Put the bar, the banner and the downloads above the body of a page."""
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


def _downloads(up: str, pagename: str, page: dict[str, Any]) -> str:
    links = [f'<a href="{up}downloads/{pagename}.py" download>source (.py)</a>']
    if page["executed"]:
        links.append(
            f'<a href="{up}downloads/{pagename}.ipynb" download>executed notebook (.ipynb)</a>'
        )
    return "Download: " + ", ".join(links) + "."
