"""A figure with choices: what its page holds, and that every combination can be had from it."""

import base64
import io
import itertools
import json
import re

import numpy as np
import pytest
from matplotlib.image import imread

from invlib.errors import UsageError
from invlib.figures.choices import Choice, Shown, link, show_choices
from invlib.studies.study import Runs

ALT = "Two small squares whose greys depend on what is chosen."
CHOICES = [Choice("Row", ["a", "b < c"], start=1), Choice("Column", ["0", "1", "2"], start=2)]


@pytest.fixture
def shown(monkeypatch):
    """The HTML that a cell displays; a line on provenance stands for that of records."""
    pages = []
    monkeypatch.setattr("invlib.figures.choices.display", lambda html: pages.append(html.data))
    monkeypatch.setattr("invlib.figures.choices.provenance_line", lambda runs: "made here")
    return pages


def grey(value):
    return np.full((3, 3, 4), value / 10)


def frame(row, column):
    return Shown(
        [(grey(row), grey(9)), (grey(column), grey(row + column))], f"</script> {row}{column}"
    )


def show(**changes):
    usual = {"key": "test", "alt": ALT, "caption": "A & B.", "runs": Runs([], None)}
    usual |= {"frame": frame, "choices": CHOICES, "titles": ["left", "right"]}
    show_choices(**usual | changes)


def data(page):
    return json.loads(re.search(r"\(\.\.\.(\[.*\])\);</script>", page, re.DOTALL)[1])


def test_the_page_has_a_named_group_of_buttons_for_each_choice(shown):
    show()
    (page,) = shown
    assert 'id="fig-test"' in page
    assert page.count("<fieldset") == page.count("<legend") == page.count(" checked") == 2
    assert page.count('type="radio"') == 5
    assert page.count(" disabled") == 2  # until a script runs
    assert "one of 6 combinations" in page
    assert "b &lt; c</label>" in page
    assert f'role="img" aria-label="{ALT}"' in page
    assert "A &amp; B. made here" in page
    assert page.count("</script>") == 1


def test_every_combination_can_be_had_and_each_picture_is_held_once(shown):
    show()
    pictures, frames = data(shown[0])
    assert len(frames) == 6
    assert len(set(pictures)) == len(pictures) == 5
    for number, (i, j) in enumerate(itertools.product(range(2), range(3))):
        words, *layers = frames[number]
        wanted = frame(i, j)
        assert words == wanted.words
        assert [pictures[k] for k in layers] == [link(a) for panel in wanted.panels for a in panel]


def test_the_first_combination_is_there_without_a_script(shown):
    show()
    page = shown[0].split("<script>")[0]
    wanted = [link(a) for panel in frame(1, 2).panels for a in panel]
    assert re.findall(r'href="([^"]*)"', page) == wanted
    assert '<output aria-live="polite">&lt;/script&gt; 12</output>' in page


def test_a_link_holds_its_pixels():
    pixels = np.random.default_rng(0).integers(0, 256, (4, 4, 4)) / 255
    held = base64.b64decode(link(pixels).partition(",")[2])
    np.testing.assert_allclose(imread(io.BytesIO(held)), pixels, atol=1e-6)
    assert link(pixels) == link(pixels.copy())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"choices": [Choice("Row", ["a"]), CHOICES[1]]}, "'Row' has 1 values"),
        ({"choices": [Choice("Row", ["a", "b"], start=2), CHOICES[1]]}, "starts at 2"),
        ({"titles": ["left"]}, "1 titles, 2 panels"),
        ({"frame": lambda i, j: Shown([[grey(1)] * (i + 1)] * 2, "")}, "same number of layers"),
        ({"alt": "a plot"}, "alt text"),
        ({"key": "My Key"}, "figure key 'My Key'"),
    ],
)
def test_what_is_wrong_is_refused_by_name(shown, changes, words):
    with pytest.raises(UsageError, match=words):
        show(**changes)
    assert not shown


def test_a_figure_that_would_weigh_too_much_is_refused(shown):
    noise = np.random.default_rng(0).random((6, 300, 300, 4))
    with pytest.raises(UsageError, match="is the limit"):
        show(frame=lambda i, j: Shown([(noise[3 * i + j],)] * 2, ""))
