"""The figure with choices, in a browser: every combination by mouse and keyboard."""

import itertools

import pytest
from selenium.webdriver import Keys

pytestmark = pytest.mark.browser

STATE = """
const figure = document.querySelector(".inv-choices").closest("figure");
const all = (within, what) => [...within.querySelectorAll(what)];
const groups = all(figure, "fieldset"), labels = all(figure, "label");
const boxes = labels.map((label) => label.getBoundingClientRect());
return { pictures: all(figure, "svg image").map((image) => image.getAttribute("href")),
  text: figure.querySelector("output").textContent, note: figure.querySelector("small") !== null,
  enabled: groups.every((group) => !group.disabled),
  chosen: groups.map((group) => all(group, "input").findIndex((button) => button.checked)),
  counts: groups.map((group) => all(group, "input").length),
  lowest: Math.min(...boxes.map((box) => box.height)),
  right: Math.max(...boxes.map((box) => box.right)) };
"""
CLICK = """
const figure = document.querySelector(".inv-choices").closest("figure");
const groups = figure.querySelectorAll("fieldset");
arguments[0].forEach((value, i) => groups[i].querySelectorAll("input")[value].click());
"""


@pytest.fixture
def state(browser, pages, open_page):
    """Opens the page, and gives a function that says what the figure shows."""
    (page,) = (p for p in pages if (p.name, p.book) == ("genuine/orbit_maps", "paper"))
    open_page(page.path.as_uri())
    return lambda: browser.execute_script(STATE)


def test_every_combination_has_words_of_its_own(browser, state):
    start = state()
    assert start["enabled"]
    assert not start["note"]
    seen = {}
    for chosen in itertools.product(*(range(count) for count in start["counts"])):
        browser.execute_script(CLICK, list(chosen))
        now = state()
        assert now["chosen"] == list(chosen)
        seen[chosen] = now["text"]
    assert len(set(seen.values())) == len(seen)
    assert seen[tuple(start["chosen"])] == start["text"]


def test_arrow_keys_choose_and_change_the_pictures(browser, state):
    before = state()
    button = browser.find_element("css selector", ".inv-choices input:checked")
    button.send_keys(Keys.ARROW_RIGHT)
    after = state()
    assert after["chosen"] != before["chosen"]
    assert after["text"] != before["text"]
    assert after["pictures"] != before["pictures"]


def test_paper_shows_the_combination_it_started_with(browser, state, screen):
    start = state()
    browser.execute_script(CLICK, [count - 1 for count in start["counts"]])
    away = state()
    screen(media="print")
    printed = state()
    assert (printed["text"], printed["pictures"]) == (start["text"], start["pictures"])
    assert away["text"] != start["text"]
    screen()
    assert state()["text"] == away["text"]


def test_it_fits_a_phone_and_a_finger(state, screen):
    screen(width=390)
    now = state()
    assert now["right"] <= 390
    assert now["lowest"] >= 24  # a finger's breadth, as WCAG 2.2 asks
