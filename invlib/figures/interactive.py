"""A figure with a slider: frames made in advance, and a few lines of JavaScript to move among them.

The page holds one frame whole, and of the others only what differs from it: attributes of the same
elements (a curve's points, an image's pixels), or the inside of an element whose parts differ. So
forty frames weigh little more than one, text stays text, and light and dark take the page's ink.
Where no script runs, the frame that was chosen to start with is shown, and a note says so.
"""

import html
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from IPython.display import HTML, display
from matplotlib import pyplot
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from invlib.errors import UsageError
from invlib.figures.show import refuse_poor_words, svg_text
from invlib.studies.provenance import provenance_line
from invlib.studies.study import Runs

SCRIPT = Path(__file__).with_name("frames.js")
HEAVIEST = 1_500_000  # characters that one such figure may add to a page
ElementTree.register_namespace("", "http://www.w3.org/2000/svg")
LINK = "{http://www.w3.org/1999/xlink}href"

# One slot of the picture: the number of an element, an attribute of it ("" for all that is in it),
# and what stands there in each frame.
Slot = tuple[int, str, list[str]]


def show_frames(
    frames: Iterable[Figure],
    *,
    key: str,
    alt: str,
    caption: str,
    runs: Runs,
    label: str,
    values: Sequence[str],
    start: int | None = None,
    moving: Sequence[Artist] = (),
) -> None:
    """Display figures of one layout as a picture with a slider.

    `label` names what the slider changes; `values` says in words, for each frame, where it stands
    and what is seen there. `start` is the frame that is shown first, on paper, and where no script
    runs: the middle one unless told otherwise. Frames may be one figure, changed and yielded again
    and again. If so, name the artists that change as `moving`: only these are drawn for each frame,
    which is many times faster.
    """
    refuse_poor_words(key, alt)
    if not label.strip():
        raise UsageError(f"figure {key}: the slider needs a label that says what it changes.")
    start = len(values) // 2 if start is None else start
    if len(values) < 2 or not 0 <= start < len(values):
        raise UsageError(
            f"figure {key} has {len(values)} values and starts at {start}; a slider needs at least "
            "2, and starts at one of them, counted from 0."
        )
    for i, artist in enumerate(moving):
        artist.set_gid(f"moving-{i}")  # by which its element is found in the picture
    drawn = []
    for i, figure in enumerate(frames):
        if moving and i == 0:
            figure.draw_without_rendering()
            figure.set_layout_engine("none")  # laid out once, and not by what moves alone
        with _alone(moving if i != start else (), figure):
            drawn.append(_parsed(svg_text(figure, key, alt)))
        pyplot.close(figure)  # which does not keep it from being changed and drawn again
    if len(drawn) != len(values):
        raise UsageError(f"figure {key} has {len(drawn)} frames but {len(values)} values.")
    names = [f"{key}-moving-{i}" for i in range(len(moving))]
    number = {element: i for i, element in enumerate(drawn[start].iter())}
    slots = [
        (number[same[start]], attribute, contents)
        for part in _parts(drawn, names)
        for same, attribute, contents in _differences(part)
    ]
    page = (
        f'<figure class="inv-figure" id="fig-{key}">{_slider(key, label, values, start)}'
        f"{_text(drawn[start])}"
        f"<figcaption>{html.escape(caption)} {provenance_line(runs)}</figcaption>"
        f"{_script(slots, values)}</figure>"
    )
    if len(page) > HEAVIEST:
        raise UsageError(
            f"figure {key} would add {len(page):,} characters to its page; {HEAVIEST:,} is the "
            "limit. Show fewer frames, or draw less that changes."
        )
    display(HTML(page))


def _parsed(svg: str) -> Element:
    """The elements of a picture, with links as browsers and scripts write them today."""
    root = ElementTree.fromstring(svg)
    for element in root.iter():
        if LINK in element.attrib:
            element.set("href", element.attrib.pop(LINK))
    return root


@contextmanager
def _alone(moving: Sequence[Artist], figure: Figure) -> Iterator[None]:
    """Only these artists of a figure are drawn; all of them where none is named."""
    hidden = []
    if moving:
        places = [
            *figure.axes,
            *(axes.patch for axes in figure.axes),
        ]  # hold the artists, or clip them
        for artist in figure.findobj(include_self=False):
            if artist not in places and artist not in moving and artist.get_visible():
                hidden.append(artist)
                artist.set_visible(False)
    yield
    for artist in hidden:
        artist.set_visible(True)


def _parts(drawn: Sequence[Element], names: Sequence[str]) -> Iterator[Sequence[Element]]:
    """What to compare over frames: the whole picture, or the elements of these names."""
    if not names:
        yield drawn
        return
    found = [{element.get("id"): element for element in root.iter()} for root in drawn]
    for name in names:
        if any(name not in elements for elements in found):
            raise UsageError(f"{name} is not seen in every frame; show it, or do not name it.")
        yield [elements[name] for elements in found]


def _differences(same: Sequence[Element]) -> Iterator[tuple[Sequence[Element], str, list[str]]]:
    """Where the frames differ: one element seen in all frames, and a slot of it."""
    alike = {(len(element), element.text) for element in same}
    if len(alike) > 1 or len({tuple(part.tag for part in element) for element in same}) > 1:
        yield same, "", [_inside(element) for element in same]
        parts: Sequence[Sequence[Element]] = []
    else:
        parts = list(zip(*same, strict=True))
    for name in dict.fromkeys(name for element in same for name in element.attrib):
        found = [element.get(name, "") for element in same]
        if len(set(found)) > 1:
            yield same, name, found
    for part in parts:
        yield from _differences(part)


def _inside(element: Element) -> str:
    return (element.text or "") + "".join(_text(part) for part in element)


def _text(element: Element) -> str:
    return ElementTree.tostring(element, encoding="unicode")


def _slider(key: str, label: str, values: Sequence[str], start: int) -> str:
    """A range input that scripts enable, with its label and the value in words."""
    name, now = f"fig-{key}-slider", html.escape(values[start])
    return (
        f'<div class="inv-slider"><label for="{name}">{html.escape(label)}</label>'
        f'<input type="range" id="{name}" min="0" max="{len(values) - 1}" step="1" '
        f'value="{start}" aria-valuetext="{now}" disabled>'
        f'<output for="{name}" aria-live="off">{now}</output>'
        f"<small>No script runs here, so the slider does not move: one of {len(values)} frames "
        "is shown.</small></div>"
    )


def _script(slots: Sequence[Slot], values: Sequence[str]) -> str:
    data = json.dumps([slots, values], ensure_ascii=False, separators=(",", ":"))
    data = data.replace("</", "<\\/")  # which would end the script
    return f"<script>{SCRIPT.read_text(encoding='utf-8').strip()}(...{data});</script>"
