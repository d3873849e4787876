"""A figure with several choices: small pixel pictures made in advance, one set per combination.

Each choice is a row of radio buttons, so that mouse, finger and arrow keys all work without a line
of ours. A few lines of JavaScript put the pictures of the chosen combination in place. Where no
script runs, the combination that was chosen to start with is shown, and a note says so. Pictures
that occur in many combinations are held once.
"""

import base64
import html
import io
import itertools
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from IPython.display import HTML, display
from matplotlib.image import imsave

from invlib.errors import UsageError
from invlib.figures.interactive import HEAVIEST
from invlib.figures.show import refuse_poor_words
from invlib.studies.provenance import provenance_line
from invlib.studies.study import Runs

SCRIPT = Path(__file__).with_name("choices.js")
PANEL, GAP, HEAD = 100, 8, 14  # units of the picture's own coordinates


@dataclass(frozen=True)
class Choice:
    """What a reader chooses among, and where the choice starts."""

    label: str
    values: Sequence[str]
    start: int = 0


@dataclass(frozen=True)
class Shown:
    """One combination: for each panel the layers that lie on each other, and what it says."""

    panels: Sequence[Sequence[np.ndarray]]  # each layer [side, side, 4], RGBA in [0, 1]
    words: str


def show_choices(
    frame: Callable[..., Shown],
    choices: Sequence[Choice],
    titles: Sequence[str],
    *,
    key: str,
    alt: str,
    caption: str,
    runs: Runs,
) -> None:
    """Display `frame(i, j, ...)` for the values chosen, one panel for each of `titles`."""
    refuse_poor_words(key, alt)
    for choice in choices:
        if len(choice.values) < 2 or not 0 <= choice.start < len(choice.values):
            raise UsageError(
                f"figure {key}: choice {choice.label!r} has {len(choice.values)} values and starts "
                f"at {choice.start}; it needs at least 2, and starts at one of them."
            )
    table: dict[bytes, int] = {}  # each picture once, and its number
    pictures = []
    frames = []
    for chosen in itertools.product(*(range(len(choice.values)) for choice in choices)):
        shown = frame(*chosen)
        if len(shown.panels) != len(titles):
            raise UsageError(f"figure {key} has {len(titles)} titles, {len(shown.panels)} panels.")
        numbers = []
        for layer in (layer for panel in shown.panels for layer in panel):
            held = layer.tobytes()
            if held not in table:
                table[held] = len(pictures)
                pictures.append(link(layer))
            numbers.append(table[held])
        frames.append([shown.words, *numbers])
    start = 0
    for choice in choices:
        start = start * len(choice.values) + choice.start
    layers = len(frames[0]) - 1
    if any(len(one) - 1 != layers for one in frames) or layers % len(titles):
        raise UsageError(f"figure {key}: every panel needs the same number of layers.")
    first = [pictures[number] for number in frames[start][1:]]
    data = json.dumps([pictures, frames], ensure_ascii=False, separators=(",", ":"))
    data = data.replace("</", "<\\/")  # which would end the script
    now, many = html.escape(frames[start][0]), math.prod(len(choice.values) for choice in choices)
    page = (
        f'<figure class="inv-figure" id="fig-{key}"><div class="inv-choices">'
        f"{''.join(_buttons(key, n, choice) for n, choice in enumerate(choices))}"
        f"<small>No script runs here, so nothing can be chosen: one of {many} combinations is "
        f"shown.</small></div>{_picture(first, titles, layers // len(titles), alt)}"
        f'<p><output aria-live="polite">{now}</output></p>'
        f"<figcaption>{html.escape(caption)} {provenance_line(runs)}</figcaption>"
        f"<script>{SCRIPT.read_text(encoding='utf-8').strip()}(...{data});</script></figure>"
    )
    if len(page) > HEAVIEST:
        raise UsageError(
            f"figure {key} would add {len(page):,} characters to its page; {HEAVIEST:,} is the "
            "limit. Offer fewer values, or smaller pictures."
        )
    display(HTML(page))


def link(pixels: np.ndarray) -> str:
    """A picture [side, side, 4] as a link that holds it."""
    buffer = io.BytesIO()
    imsave(
        buffer,
        np.ascontiguousarray(pixels, dtype=np.float64),
        format="png",
        metadata={"Software": None},
    )
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def _buttons(key: str, number: int, choice: Choice) -> str:
    """A group of radio buttons with its name, which scripts enable."""
    name = f"fig-{key}-choice-{number}"
    group = (
        'style="border:0;margin:0 0 0.2rem;padding:0;display:flex;flex-wrap:wrap;gap:0 0.7rem;'
        'font-size:0.85rem" disabled'
    )
    legend = 'style="float:left;font-size:0.85rem;font-weight:600;width:auto;margin:0 0.3rem 0 0"'
    buttons = "".join(
        f'<label style="display:inline-flex;align-items:center;gap:0.25rem;min-height:1.6rem">'
        f'<input type="radio" name="{name}" value="{i}"'
        f"{' checked' if i == choice.start else ''}>{html.escape(value)}</label>"
        for i, value in enumerate(choice.values)
    )
    return (
        f"<fieldset {group}><legend {legend}>{html.escape(choice.label)}</legend>"
        f"{buttons}</fieldset>"
    )


def _picture(first: Sequence[str], titles: Sequence[str], layers: int, alt: str) -> str:
    """The panels side by side as one picture, in the page's own ink."""
    width = len(titles) * (PANEL + GAP) - GAP
    parts = []
    for n, title in enumerate(titles):
        x = n * (PANEL + GAP)
        parts.append(
            f'<text x="{x + PANEL / 2}" y="9" text-anchor="middle" font-size="8.5" '
            f'fill="currentColor">{html.escape(title)}</text>'
        )
        parts += [
            f'<image x="{x}" y="{HEAD}" width="{PANEL}" height="{PANEL}" '
            f'style="image-rendering:pixelated" href="{one}"/>'
            for one in first[n * layers : (n + 1) * layers]
        ]
        parts.append(
            f'<rect x="{x + 0.3}" y="{HEAD + 0.3}" width="{PANEL - 0.6}" height="{PANEL - 0.6}" '
            'fill="none" stroke="currentColor" stroke-opacity="0.4" stroke-width="0.6"/>'
        )
    return (
        f'<svg role="img" aria-label="{html.escape(alt, quote=True)}" '
        f'viewBox="0 0 {width} {HEAD + PANEL}" style="width:100%;max-width:{2 * width}px;'
        f'height:auto">{"".join(parts)}</svg>'
    )
