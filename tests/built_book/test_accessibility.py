"""The book for people who do not see it as it was drawn, or have no mouse."""

import pytest
from selenium.webdriver import ActionChains, Keys

pytestmark = pytest.mark.browser

CHECKED = (
    "intro",
    "linear/three_ways",
    "linear/regularization_path",  # it has a slider
    "made/data",
    "made/status",
    "glossary",
    "search",
)
GRAVE = {"serious", "critical"}
AUDIT = """
const done = arguments[0];
axe.run({ resultTypes: ["violations"] }).then((results) => done(results.violations.map((v) => ({
  impact: v.impact, rule: v.id, where: v.nodes.map((n) => n.target.flat().join(" ")) }))));
"""
FOCUSED = """
const at = document.activeElement;
return { tag: at.localName, text: at.textContent.trim() };
"""
# Tables that are wider than their place, each in the box that scrolls.
SCROLLERS = """
window.scrollers = [...document.querySelectorAll(".bd-article *")].filter((e) =>
  e.checkVisibility() && /auto|scroll/.test(getComputedStyle(e).overflowX) &&
  (e.matches("table") || e.querySelector("table")) && e.scrollWidth > e.clientWidth);
return scrollers.length;
"""
# Which of them the focus is on, or in.
SCROLLER = "return scrollers.findIndex((e) => e.contains(document.activeElement))"


@pytest.fixture(scope="module")
def address(pages) -> dict[str, str]:
    """Where the pages of the front book are."""
    return {page.name: page.path.as_uri() for page in pages if page.book == "paper"}


def press(browser, key: str) -> dict[str, object]:
    """Press a key; returns what has the focus then."""
    ActionChains(browser).send_keys(key).perform()
    return browser.execute_script(FOCUSED)


@pytest.fixture(scope="module")
def checked(pages) -> list[str]:
    record = next(page.name for page in pages if page.name.startswith("made/records/"))
    return [*CHECKED, record]


def test_axe_finds_nothing_grave(browser, axe, checked, address, open_page):
    found = []
    for name in checked:
        for width, theme in ((1300, "light"), (390, "dark")):
            open_page(address[name], width=width, theme=theme)  # a resize takes effect later
            browser.execute_script(axe)
            for fault in browser.execute_async_script(AUDIT):
                if fault["impact"] in GRAVE:
                    where = ", ".join(fault["where"][:4])
                    found.append(f"{name}, {theme}, {width} px: {fault['rule']}: {where}")
    if found:
        pytest.fail("\n".join(found), pytrace=False)


def test_axe_would_find_a_fault(browser, axe, address, open_page):
    open_page(address["intro"])
    browser.execute_script(axe)
    browser.execute_script(
        "document.querySelector('article').append(document.createElement('img'))"
    )
    assert "image-alt" in {fault["rule"] for fault in browser.execute_async_script(AUDIT)}


def test_the_first_tab_offers_to_skip_to_the_page(browser, address, open_page):
    open_page(address["linear/three_ways"])
    focused = press(browser, Keys.TAB)
    assert focused["text"] == "Skip to main content"
    wait(browser, "return document.activeElement.getBoundingClientRect().top >= 0")
    press(browser, Keys.ENTER)
    assert browser.current_url.endswith("#main-content")
    press(browser, Keys.TAB)
    inside = "return document.querySelector('main').contains(document.activeElement)"
    assert browser.execute_script(inside)


def test_folded_code_opens_with_the_keyboard(browser, address, open_page):
    open_page(address["linear/three_ways"])
    browser.execute_script("document.querySelector('#main-content').focus()")
    for _ in range(60):
        focused = press(browser, Keys.TAB)
        if focused["tag"] == "summary" and "Parameters" in focused["text"]:
            break
    opened = "return document.activeElement.parentElement.open"
    assert focused["tag"] == "summary"
    assert browser.execute_script(opened) is False
    press(browser, Keys.ENTER)
    assert browser.execute_script(opened) is True


@pytest.mark.parametrize("name", ["made/data", "linear/three_ways"])
def test_a_table_that_scrolls_can_be_scrolled_with_the_keyboard(browser, address, open_page, name):
    """Tables of ours and tables written in Markdown."""
    open_page(address[name], width=390)
    wide = browser.execute_script(SCROLLERS)
    assert wide > 0
    moved = set()
    for _ in range(150):
        press(browser, Keys.TAB)
        scroller = browser.execute_script(SCROLLER)
        if scroller in {-1, *moved}:
            continue
        press(browser, Keys.ARROW_RIGHT)
        wait(browser, "return scrollers[arguments[0]].scrollLeft > 0", scroller)
        moved.add(scroller)
        if len(moved) == wide:
            break
    assert len(moved) == wide


def wait(browser, condition: str, *arguments: object) -> None:
    from selenium.webdriver.support.ui import WebDriverWait

    WebDriverWait(browser, 10, 0.05).until(lambda b: b.execute_script(condition, *arguments))


def test_the_button_for_dark_mode_holds_on_the_next_page(browser, address, open_page):
    theme = "return document.documentElement.dataset.theme"
    open_page(address["intro"])
    for _ in range(3):
        browser.find_element("css selector", ".bd-header-article .theme-switch-button").click()
        if browser.execute_script(theme) == "dark":
            break
    assert browser.execute_script(theme) == "dark"
    open_page(address["glossary"])
    assert browser.execute_script(theme) == "dark"
    browser.execute_script("localStorage.clear()")


@pytest.mark.parametrize("book_name", ["paper", "quick"])
def test_search_finds_a_page_from_disk(browser, pages, screen, book_name):
    (page,) = [page for page in pages if (page.name, page.book) == ("search", book_name)]
    screen()
    browser.get(page.path.as_uri() + "?q=invariance")
    wait(browser, "return document.querySelector('#search-results li a') !== null")
    wait(browser, "return /found/.test(document.querySelector('#search-results').textContent)")
    results = browser.execute_script(
        "return [...document.querySelectorAll('#search-results li a')].map((a) => a.href)"
    )
    expected = (page.folder / "linear" / "three_ways.html").as_uri()
    assert expected in {result.split("?")[0].split("#")[0] for result in results}
