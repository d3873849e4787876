"""A figure with a slider: what its page holds, and that every frame can be had back from it."""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib import pyplot

from invlib.errors import UsageError
from invlib.figures import canvas
from invlib.figures.interactive import HEAVIEST, show_frames
from invlib.settings import CHECKOUT
from invlib.studies.study import Runs

ALT = "A line that turns, and a dot upon it."
VALUES = ["turned by 0", "turned by 1", "turned by 2 < 3", "turned by 3"]


@pytest.fixture
def shown(monkeypatch):
    """The HTML that a cell displays; a line on provenance stands for that of records."""
    pages = []
    monkeypatch.setattr("invlib.figures.interactive.display", lambda html: pages.append(html.data))
    monkeypatch.setattr("invlib.figures.interactive.provenance_line", lambda runs: "made here")
    return pages


def turning():
    """One figure that changes, and what of it does."""
    with canvas() as (figure, axes):
        (line,) = axes[0, 0].plot([0, 1], [0, 0])
        picture = axes[0, 0].imshow(
            np.zeros((2, 2)), extent=(0, 1, 0, 1), vmin=0, vmax=1, interpolation="none"
        )
        axes[0, 0].set(xlim=(0, 1), ylim=(0, 3))

    def frames():
        for k in range(len(VALUES)):
            line.set_ydata([0, k])
            picture.set_data(np.full((2, 2), k / 3))
            yield figure

    return frames(), [line, picture]


def separate():
    """Figures that differ in more than a few attributes: in how many lines they have."""
    for k in range(len(VALUES)):
        with canvas() as (figure, axes):
            axes[0, 0].plot(np.eye(k + 1))
            axes[0, 0].set(title=f"</script> {k}", ylim=(0, 1))
        yield figure


def show(frames, **changes):
    usual = {"key": "test", "alt": ALT, "caption": "A & B.", "runs": Runs([], None)}
    show_frames(frames, **(usual | {"label": "turn", "values": VALUES} | changes))


def parts(page: str):
    """The picture that the page shows first, the slots, and the words."""
    svg = ElementTree.fromstring(re.search(r"<svg.*?</svg>", page, re.DOTALL)[0])
    data = re.search(r"\(\.\.\.(\[.*\])\);</script>", page, re.DOTALL)[1]
    return svg, *json.loads(data)


def at(svg, slots, frame: int) -> str:
    """What the script makes of the picture, by the same rule."""
    elements = list(svg.iter())
    for number, attribute, contents in slots:
        element = elements[number]
        if attribute:
            element.set(attribute, contents[frame])
        else:
            for part in list(element):
                element.remove(part)
            inside = ElementTree.fromstring(f"<g>{contents[frame]}</g>")
            element.text = inside.text
            element.extend(list(inside))
    return ElementTree.tostring(svg, encoding="unicode")


def test_the_page_has_a_slider_with_a_label_and_a_text(shown):
    show(separate())
    (page,) = shown
    assert 'id="fig-test"' in page
    assert '<label for="fig-test-slider">turn</label>' in page
    assert 'id="fig-test-slider" min="0" max="3" step="1" value="2"' in page
    assert 'aria-valuetext="turned by 2 &lt; 3"' in page
    assert f'role="img" aria-label="{ALT}"' in page
    assert "A &amp; B. made here" in page
    assert "disabled>" in page  # until a script runs
    assert "No script runs here" in page
    assert "currentColor" in page
    assert "#010203" not in page
    assert page.count("</script>") == 1


def test_every_frame_can_be_had_back_from_the_one_shown(shown):
    show(separate(), start=0)
    show(separate(), start=3)
    (svg, slots, values), (other, other_slots, _) = (parts(page) for page in shown)
    assert values == VALUES
    pictures = {at(svg, slots, frame) for frame in range(4)}
    assert len(pictures) == 4
    assert {at(other, other_slots, frame) for frame in range(4)} == pictures


def test_what_moves_is_drawn_alone_and_gives_the_same_frames(shown):
    frames, moving = turning()
    show(frames, moving=moving)
    show(turning()[0])
    (svg, slots, _), (whole, whole_slots, _) = (parts(page) for page in shown)
    assert {attribute for _, attribute, _ in slots} == {"d", "href"}
    for frame in range(4):
        wanted = {(a, c[frame]) for _, a, c in whole_slots if a != "id"}
        assert {(a, c[frame]) for _, a, c in slots} == wanted
    first = next(c for _, a, c in slots if a == "d")
    assert len(set(first)) == 4
    assert len(list(svg.iter())) == len(list(whole.iter()))  # nothing that stands still is lost


def test_ids_stand_once_and_carry_the_key(shown):
    frames, moving = turning()
    show(frames, moving=moving, key="one")
    frames, moving = turning()
    show(frames, moving=moving, key="two")
    ids = [found for page in shown for found in re.findall(r'\bid="([^"]*)"', page)]
    assert len(ids) == len(set(ids))
    assert all(re.match(r"(fig-)?(one|two)\b", name) for name in ids)


def test_the_same_frames_are_the_same_text(shown):
    show(separate())
    show(separate())
    assert shown[0] == shown[1]


def test_no_figure_is_left_open(shown):
    before = pyplot.get_fignums()
    show(separate())
    assert pyplot.get_fignums() == before


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"values": VALUES[:3]}, "has 4 frames but 3 values"),
        ({"values": [*VALUES, "more"]}, "has 4 frames but 5 values"),
        ({"values": ["alone"]}, "needs at least 2"),
        ({"start": 4}, "starts at 4"),
        ({"start": -1}, "starts at -1"),
        ({"label": " "}, "needs a label"),
        ({"alt": "a plot"}, "alt text"),
        ({"key": "My Key"}, "figure key 'My Key'"),
    ],
)
def test_what_is_missing_is_refused_by_name(shown, changes, words):
    with pytest.raises(UsageError, match=words):
        show(separate(), **changes)
    assert not shown
    pyplot.close("all")


def test_an_artist_that_is_not_seen_in_every_frame_cannot_move(shown):
    frames, moving = turning()
    moving[0].set_visible(False)
    with pytest.raises(UsageError, match="test-moving-0 is not seen in every frame"):
        show(frames, moving=moving)


def test_a_figure_that_would_weigh_too_much_is_refused(shown):
    noise = np.random.default_rng(0).random((len(VALUES), 400, 400))

    def frames():
        for pixels in noise:
            with canvas() as (figure, axes):
                axes[0, 0].imshow(pixels, interpolation="none")
            yield figure

    with pytest.raises(UsageError, match=f"{HEAVIEST:,} is the limit"):
        show(frames())


@pytest.mark.slow
def test_a_wheel_brings_the_script_and_the_style(tmp_path):
    source = tmp_path / "source"
    shutil.copytree(CHECKOUT / "invlib", source / "invlib")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(CHECKOUT / name, source)
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-q"]
    subprocess.run([*command, "-w", tmp_path, source], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {"invlib/figures/frames.js", "invlib/figures/companion.mplstyle"} <= names
