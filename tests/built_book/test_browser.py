"""Every page of both books, opened from disk in a browser without a network."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.browser

SHOWN = (("light", 1300), ("dark", 390))  # each change of either draws the page anew
A4 = 718  # pixels between margins of 1 cm


# One fault of each kind, put into a sound page.
SPOIL = r"""
const done = arguments[0], article = document.querySelector(".bd-article");
article.insertAdjacentHTML("beforeend", String.raw`
  <p id="raw">A formula: $x^2$.</p>
  <p style="color: #888">too faint</p>
  <div id="wide" style="width: 1500px">too wide</div>
  <span class="math">\(\frac{1}\)</span><span class="math">\(\nosuchmacro\)</span>`);
document.querySelector(".inv-figure svg").parentElement.style.backgroundColor = "#eee";
document.querySelector(".inv-figure figcaption").style.opacity = 0.3;
console.error("spoilt");
const image = document.createElement("img");
image.onerror = () => MathJax.typesetPromise().then(done);
image.src = "https://example.org/picture.png";
article.append(image);
"""


@dataclass
class Visit:
    """What was seen on one page; each list holds faults."""

    title: str
    requests: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    math: dict[str, object] = field(default_factory=dict)
    cut: dict[str, list[str]] = field(default_factory=dict)
    faint: dict[str, list[str]] = field(default_factory=dict)
    sheets: dict[str, list[str]] = field(default_factory=dict)
    theme: dict[str, str] = field(default_factory=dict)


@pytest.fixture(scope="module")
def visits(new_window, pages) -> list[Visit]:
    """Each page is opened once and looked at in every light, by two browsers side by side.

    In the quick book, which nobody prints, the text of most pages is that of the front book.
    """
    windows = [new_window() for _ in range(2)]
    shares = [pages[i :: len(windows)] for i in range(len(windows))]
    with ThreadPoolExecutor(len(windows)) as pool:
        return [visit for share in pool.map(_visits, windows, shares) for visit in share]


def _visits(window, pages) -> list[Visit]:
    found = []
    for page in pages:
        window.open(page.path.as_uri())
        found.append(Visit(page.title))
        _read_logs(window.browser, found[-1])
        _look(window, found[-1], on_paper=page.book == "paper")
    return found


def _look(window, visit: Visit, *, on_paper: bool) -> None:
    browser, screen = window.browser, window.screen
    visit.math = browser.execute_script("return probe.math()")
    browser.execute_script("probe.unfold()")
    for theme, width in SHOWN:
        screen(width=width, theme=theme)
        browser.execute_async_script("probe.settled().then(arguments[0])")
        visit.theme[theme] = browser.execute_script("return document.documentElement.dataset.theme")
        visit.faint[theme] = browser.execute_script("return probe.faint(false)")
        visit.sheets[theme] = browser.execute_script("return probe.sheets()")
        visit.cut[f"{width} px"] = browser.execute_script("return probe.cut(false)")
    if not on_paper:
        return
    screen(width=A4, theme="dark", media="print")
    browser.execute_async_script("probe.settled().then(arguments[0])")
    visit.faint["printed from dark"] = browser.execute_script("return probe.faint(true)")
    visit.cut["paper"] = browser.execute_script("return probe.cut(true)")


def _read_logs(browser, visit: Visit) -> None:
    addresses = {}
    for entry in browser.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            request = message["params"]["request"]["url"]
            addresses[message["params"]["requestId"]] = request
            visit.requests.append(request)
        elif message["method"] == "Network.loadingFailed":
            address = addresses.get(message["params"]["requestId"], "?")
            visit.failed.append(f"{address}: {message['params']['errorText']}")
    visit.console = [
        f"{entry['level']}: {entry['message']}"
        for entry in browser.get_log("browser")
        if entry["level"] in {"SEVERE", "WARNING"}
    ]


def faults(visits: list[Visit], aspect: str) -> str:
    """What was found of an aspect, one line per fault."""
    lines = []
    for visit in visits:
        found = getattr(visit, aspect)
        if isinstance(found, list):
            lines += [f"{visit.title}: {fault}" for fault in found]
        else:
            lines += [f"{visit.title}, {how}: {fault}" for how in found for fault in found[how]]
    return "\n".join(lines)


def test_no_request_leaves_the_page(visits):
    leaving = {
        f"{visit.title}: {address}"
        for visit in visits
        for address in visit.requests
        if urlsplit(address).scheme not in {"file", "data"}
    }
    assert all(visit.requests for visit in visits)
    assert not leaving, "\n".join(sorted(leaving))


def test_no_request_fails(visits):
    assert faults(visits, "failed") == ""


def test_the_console_is_silent(visits):
    assert faults(visits, "console") == ""


def test_formulas_are_set(visits):
    assert sum(visit.math["sources"] for visit in visits) > 100
    for visit in visits:
        for fault in ("unrendered", "raw", "errors"):
            assert not visit.math[fault], f"{visit.title}: {fault}: {visit.math[fault]}"


def test_text_stands_out_in_light_and_dark(visits):
    assert {tuple(visit.theme.items()) for visit in visits} == {
        (("light", "light"), ("dark", "dark"))
    }
    assert faults(visits, "faint") == ""


def test_figures_stand_on_the_page_itself(visits):
    assert faults(visits, "sheets") == ""


def test_nothing_is_cut_on_a_desk_a_phone_or_paper(visits):
    assert faults(visits, "cut") == ""


def test_each_fault_would_be_seen(window, pages):
    browser = window.browser
    (page,) = [page for page in pages if page.title == "linear/three_ways"]
    window.open(page.path.as_uri())
    spoilt = Visit("spoilt")
    browser.execute_async_script(SPOIL)
    _read_logs(browser, spoilt)
    _look(window, spoilt, on_paper=True)
    assert "https://example.org/picture.png" in spoilt.requests
    assert any(fault.startswith("https://example.org") for fault in spoilt.failed)
    assert any("spoilt" in message for message in spoilt.console)
    assert spoilt.math["raw"] == ["$x^2$"]
    assert len(spoilt.math["errors"]) == 2
    assert any("too faint" in fault for fault in spoilt.faint["light"])
    assert any("figcaption" in fault for fault in spoilt.faint["light"])
    assert any("path" in fault or "use" in fault for fault in spoilt.faint["dark"])
    assert spoilt.sheets["light"]
    assert all(any("#wide" in fault for fault in faults) for faults in spoilt.cut.values())
