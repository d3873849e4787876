"""Axes in the book's one style, and a legend that fits a phone."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from matplotlib import pyplot
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

STYLE = Path(__file__).with_name("companion.mplstyle")
WIDTH, HEIGHT = 6.0, 4.2  # of a figure with one panel; two panels share the same width


@contextmanager
def canvas(
    rows: int = 1, columns: int = 1, *, height: float | None = None, **options: object
) -> Iterator[tuple[Figure, np.ndarray]]:
    """A figure and its axes, always an array [rows, columns], drawn on in the book's style.

    Stack panels in rows where you can: side by side they are small on a phone.
    """
    height = height or HEIGHT * (0.35 + 0.65 * rows)
    with pyplot.style.context(STYLE):
        yield pyplot.subplots(rows, columns, figsize=(WIDTH, height), squeeze=False, **options)


def legend_below(figure: Figure, handles: Sequence[Artist], columns: int = 2) -> None:
    """One legend for all panels, below them."""
    figure.legend(handles=handles, loc="outside lower center", ncols=columns, fontsize="small")


def images(axes: Axes, pixels: np.ndarray, *, largest: float | None = None) -> None:
    """An array [side, side] as a picture: zero is white, positive and negative have two hues."""
    largest = largest or float(np.abs(pixels).max()) or 1.0
    axes.imshow(pixels, cmap="PuOr_r", vmin=-largest, vmax=largest, interpolation="nearest")
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    axes.grid(False)
