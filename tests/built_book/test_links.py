"""Every link of every page arrives, and nothing is fetched from outside the book."""

import re
from collections import Counter
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup

LOADED = {  # what a browser fetches by itself
    "script": "src",
    "img": "src",
    "source": "src",
    "iframe": "src",
    "video": "src",
    "audio": "src",
    "embed": "src",
    "object": "data",
    "image": "xlink:href",
}
LOADING_RELS = {"stylesheet", "icon", "preload", "prefetch", "preconnect", "modulepreload"}


def loaded(html: BeautifulSoup) -> list[str]:
    """Addresses that opening a page fetches."""
    found = [tag[LOADED[tag.name]] for tag in html(list(LOADED)) if tag.get(LOADED[tag.name])]
    found += [tag["href"] for tag in html("link") if LOADING_RELS & set(tag.get("rel", []))]
    found += [url for tag in html("style") for url in css_urls(tag.string or "")]
    return found + [url for tag in html(style=True) for url in css_urls(tag["style"])]


def css_urls(css: str) -> list[str]:
    quoted = re.findall(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)", css)
    return [first or second for first, second in quoted]


@pytest.fixture(scope="module")
def anchors(pages) -> dict[Path, set[str]]:
    """The ids of each page: where a link to it may land."""
    return {page.path: {tag["id"] for tag in page.html(id=True)} for page in pages}


def problem(address: str, page, anchors: dict[Path, set[str]]) -> str:
    """Why an address leads nowhere; empty if it arrives, or leads out of the book."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return ""
    target = page.path
    if parts.path:
        target = (page.path.parent / unquote(parts.path)).resolve()
    if not target.is_file():
        return "no such file"
    if parts.fragment and unquote(parts.fragment) not in anchors.get(target, set()):
        return "no such anchor"
    return ""


def test_every_link_arrives(pages, anchors):
    broken, seen = [], 0
    for page in pages:
        links = [tag["href"] for tag in page.html(["a", "link"], href=True)]
        forms = [tag["action"] for tag in page.html("form", action=True)]
        for address in [*links, *forms, *loaded(page.html)]:
            seen += 1
            if why := problem(address, page, anchors):
                broken.append(f"{page.title}: {address}: {why}")
    assert seen > 50 * len(pages)
    assert not broken, "\n".join(broken)


def test_a_broken_link_would_be_found(pages, anchors):
    front = next(page for page in pages if page.name == "intro")
    assert problem("nowhere.html", front, anchors) == "no such file"
    assert problem("intro.html#nowhere", front, anchors) == "no such anchor"
    assert problem("#main-content", front, anchors) == ""


def test_the_first_page_leads_to_the_front(book):
    for folder in (book, book / "quick"):
        html = BeautifulSoup((folder / "index.html").read_text(encoding="utf-8"), "html.parser")
        (refresh,) = html("meta", attrs={"http-equiv": "Refresh"})
        assert refresh["content"] == "0; url=intro.html"


def test_nothing_is_loaded_from_outside(pages, book):
    outside = [
        f"{page.title}: {address}"
        for page in pages
        for address in loaded(page.html)
        if urlsplit(address).scheme not in {"", "data"} or urlsplit(address).netloc
    ]
    for sheet in book.rglob("*.css"):
        for url in css_urls(sheet.read_text(encoding="utf-8")):
            parts = urlsplit(url)
            if parts.scheme not in {"", "data"} or parts.netloc:
                outside.append(f"{sheet.relative_to(book)}: {url}")
            elif not parts.scheme and parts.path:
                target = sheet.parent / unquote(parts.path)
                assert target.is_file(), f"{sheet.relative_to(book)}: {url}"
    assert not outside, "\n".join(outside)


def test_an_outside_resource_would_be_found():
    html = '<img src="https://a.org/x.png"><p style="background: url(//b.org/y.png)"></p>'
    html += '<style>@import "http://c.org/z.css";</style><a href="https://d.org"></a>'
    addresses = loaded(BeautifulSoup(html, "html.parser"))
    assert sorted(addresses) == ["//b.org/y.png", "http://c.org/z.css", "https://a.org/x.png"]


def test_ids_are_unique_on_a_page(pages):
    """A link to an id that stands twice lands on the first; a label may name the wrong thing."""
    twice = []
    for page in pages:
        counts = Counter(tag["id"] for tag in page.html(id=True))
        twice += [f"{page.title}: {name} ({n} times)" for name, n in counts.items() if n > 1]
    assert not twice, "\n".join(twice)
