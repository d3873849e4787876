"""The one way a figure reaches a page: with alt text, a key, a caption and a provenance line."""

import html
import io
import itertools
import re

import matplotlib
from IPython.display import HTML, display
from matplotlib import pyplot
from matplotlib.figure import Figure

from invlib.errors import UsageError
from invlib.studies.provenance import provenance_line
from invlib.studies.study import Runs

INK = "#010203"  # drawn for text and axes; the page replaces it by its own text colour


def show_figure(figure: Figure, *, key: str, alt: str, caption: str, runs: Runs) -> None:
    """Display a figure as SVG that takes the page's text colour, light or dark."""
    refuse_poor_words(key, alt)
    pyplot.close(figure)
    display(
        HTML(
            f'<figure class="inv-figure" id="fig-{key}">{svg_text(figure, key, alt)}'
            f"<figcaption>{html.escape(caption)} {provenance_line(runs)}</figcaption></figure>"
        )
    )


def refuse_poor_words(key: str, alt: str) -> None:
    """Refuse a key that is no anchor, and alt text that does not describe."""
    if not re.fullmatch(r"[a-z0-9-]+", key):
        raise UsageError(f"figure key {key!r}: use lower-case letters, digits and hyphens.")
    if len(alt.split()) < 5:
        raise UsageError(f"figure {key}: alt text {alt!r} says too little; describe what is seen.")


def svg_text(figure: Figure, key: str, alt: str) -> str:
    """A figure as an svg element for a page: its own ids, the page's ink, a width that yields."""
    buffer = io.StringIO()
    # With a salt, what matplotlib would number at random is the same in every build.
    with matplotlib.rc_context({"svg.hashsalt": key, "svg.fonttype": "path"}):
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg") :].replace(INK, "currentColor")
    # Every figure has an axes_1; with its key before it, an id stands once on a page.
    svg = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{key}-", svg)
    # A picture is named by its content, so that equal ones share a name; nothing refers to it.
    numbers = itertools.count()
    svg = re.sub(r'\bid="[^"]*-image[0-9a-f]+"', lambda _: f'id="{key}-image{next(numbers)}"', svg)
    label = html.escape(alt, quote=True)
    svg = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", svg, count=1)
    svg = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", svg, count=1)
    width = figure.get_size_inches()[0] * 96
    style = f"width:100%;max-width:{width:.0f}px;height:auto"
    return svg.replace("<svg", f'<svg role="img" aria-label="{label}" style="{style}"', 1)
