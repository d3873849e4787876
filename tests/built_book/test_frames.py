"""The figure with a slider, moved in a browser by mouse and keyboard."""

import itertools

import pytest
from selenium.webdriver import Keys

pytestmark = pytest.mark.browser

PICTURE = "return document.querySelector('.inv-slider ~ svg').innerHTML"
STATE = """
const figure = document.querySelector(".inv-slider").closest("figure");
const slider = figure.querySelector("input"), box = slider.getBoundingClientRect();
return { value: Number(slider.value), last: Number(slider.max), start: Number(slider.defaultValue),
  enabled: !slider.disabled, label: slider.labels[0].textContent, words: slider.ariaValueText,
  text: figure.querySelector("output").textContent, note: figure.querySelector("small") !== null,
  left: box.left, right: box.right, height: box.height, seen: slider.checkVisibility() };
"""
AUDIT = """
const done = arguments[0];
axe.run(document.querySelector(".inv-slider").closest("figure"), { resultTypes: ["violations"] })
  .then((results) => done(results.violations.map((v) => `${v.impact}: ${v.id}`)));
"""


@pytest.fixture
def moved(browser, pages, open_page):
    """Opens the page, and gives a function that presses keys on the slider."""
    (page,) = (p for p in pages if (p.name, p.book) == ("linear/regularization_path", "paper"))
    open_page(page.path.as_uri())

    def press(*keys: str) -> dict[str, object]:
        if keys:
            browser.find_element("css selector", ".inv-slider input").send_keys(*keys)
        return browser.execute_script(STATE)

    return press


def test_moving_the_slider_moves_picture_and_words(browser, moved):
    before, picture = moved(), browser.execute_script(PICTURE)
    assert before["enabled"]
    assert not before["note"]
    assert before["label"]
    assert before["value"] == before["start"]
    after, changed = moved(Keys.ARROW_RIGHT), browser.execute_script(PICTURE)
    assert after["value"] == before["value"] + 1
    assert after["text"] == after["words"] != before["text"] == before["words"]
    assert changed != picture
    moved(Keys.ARROW_LEFT)
    assert browser.execute_script(PICTURE) == picture
    texts = {moved(Keys.HOME)["text"], moved(Keys.END)["text"]}
    assert moved()["value"] == before["last"]
    assert len(texts) == 2


def test_every_frame_differs_from_the_one_before(browser, moved):
    seen = [(moved(Keys.HOME)["text"], browser.execute_script(PICTURE))]
    for _ in range(int(moved()["last"])):
        seen.append((moved(Keys.ARROW_RIGHT)["text"], browser.execute_script(PICTURE)))
    assert all(a[1] != b[1] for a, b in itertools.pairwise(seen))
    assert len({text for text, _ in seen}) == len(seen)


def test_paper_shows_the_frame_it_started_with_and_no_slider(browser, moved, screen):
    start, picture = moved()["text"], browser.execute_script(PICTURE)
    away = moved(Keys.END)["text"]
    screen(media="print")
    printed = moved()
    assert printed["text"] == start != away
    assert browser.execute_script(PICTURE) == picture
    assert not printed["seen"]
    screen()
    assert moved()["text"] == away


def test_it_fits_a_phone(moved, screen):
    screen(width=390)
    state = moved(Keys.ARROW_RIGHT)
    assert state["left"] >= 0
    assert state["right"] <= 390
    assert state["right"] - state["left"] > 250
    assert state["height"] >= 24  # a finger's breadth, as WCAG 2.2 asks


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_it(browser, axe, moved, screen, theme):
    browser.execute_script(axe)
    screen(width=390, theme=theme)
    browser.execute_async_script("probe.settled().then(arguments[0])")
    assert browser.execute_async_script(AUDIT) == []


def test_where_no_script_runs_one_frame_and_a_note_remain(pages):
    for page in pages:
        for slider in page.html(class_="inv-slider"):
            assert slider.input.has_attr("disabled"), page.title
            assert slider.output.get_text() == slider.input["aria-valuetext"], page.title
            assert "No script runs here" in slider.small.get_text(), page.title
            assert slider.find_next_sibling("svg")["role"] == "img", page.title
