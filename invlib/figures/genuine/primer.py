"""The pictures of genuine/primer on groups: orbits, commuting squares, logits over an orbit."""

from collections.abc import Sequence

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from invlib.figures.canvas import canvas, images, legend_below
from invlib.figures.show import INK
from invlib.groups import rotations, translations
from invlib.studies.genuine.primer_orbits import half_turn_mean, outline
from invlib.studies.study import Runs

TURNS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")  # one for each element, with its marker
MARKERS = ("o", "s", "^", "D")
ELEMENTS = ("x", "gx", "g²x", "g³x")


def orbits_picture(runs: Runs) -> Figure:
    """A digit under quarter turns and under shifts, and an image of higher symmetry."""
    image = torch.from_numpy(first(runs, "image"))
    side = side_of(image)
    rows = {
        "R²₄": rotations(side).orbit(image),
        "T²₃": translations(side).orbit(image),
        "R²₄, (x + g²x)/2": rotations(side).orbit(half_turn_mean(image, side)),
    }
    with canvas(len(rows), 4, height=5.6) as (figure, grid):
        for (name, orbit), line in zip(rows.items(), grid, strict=True):
            for k, axes in enumerate(line):
                if k < len(orbit):
                    picture(axes, orbit[k].numpy(), largest=1)
                    axes.set_title(name if k == 0 else _power(k), loc="center", fontsize="small")
                else:
                    axes.set_axis_off()
    return figure


def squares_picture(runs: Runs) -> Figure:
    """Two squares: turn then map, or map then turn. Left an equivariant map, right an invariant."""
    image = torch.from_numpy(first(runs, "image")).double()
    side = side_of(image)
    turned = rotations(side).act(image, 1)
    logits = first(runs, "averaged")
    with canvas(2, 4, height=3.6) as (figure, grid):
        for left, name in ((0, "outline ψ"), (2, "averaged h")):
            for axes, one, label in zip(grid[0, left:], (image, turned), ("x", "gx"), strict=False):
                picture(axes, one.numpy(), largest=1)
                axes.set_title(label, loc="center", fontsize="small")
            _arrow(figure, grid[0, left], grid[0, left + 1])
            for column in (left, left + 1):
                _arrow(figure, grid[0, column], grid[1, column], name if column == left else "")
        for axes, one, label in zip(
            grid[1], (image, turned), ("ψ(x)", "ψ(gx) = gψ(x)"), strict=False
        ):
            picture(axes, outline(one, side).numpy())
            axes.set_xlabel(label, fontsize="small")
        for axes, one, label in zip(grid[1, 2:], logits[:2], ("h(x)", "h(gx) = h(x)"), strict=True):
            axes.bar(range(len(one)), one, color=TURNS[0])
            axes.set(xticks=[], yticks=[])
            axes.set_xlabel(label, fontsize="small")
        _arrow(figure, grid[1, 0], grid[1, 1])
    return figure


def shifted_picture(runs: Runs) -> Figure:
    """Logits of the shifted function over an orbit, and the distributions that softmax makes."""
    logits = torch.from_numpy(first(runs, "shifted"))
    with canvas(2, 1, height=5.4, sharex=True) as (figure, grid):
        for axes, values, name in (
            (grid[0, 0], logits, "logit"),
            (grid[1, 0], logits.softmax(-1), "probability"),
        ):
            for k, row in enumerate(values):
                axes.plot(
                    np.arange(len(row)) + 0.12 * (k - 1.5),
                    row,
                    ls=":",
                    lw=0.8,
                    marker=MARKERS[k],
                    ms=5,
                    color=TURNS[k],
                    label=ELEMENTS[k],
                )
            axes.set(ylabel=name)
        grid[1, 0].set(xlabel="class", xticks=range(logits.shape[1]), ylim=(-0.05, 1.05))
        legend_below(figure, grid[0, 0].get_lines(), columns=4)
    return figure


def picture(axes: Axes, pixels: np.ndarray, largest: float | None = None) -> None:
    """A flattened image on axes of its own."""
    side = side_of(pixels)
    images(axes, pixels.reshape(side, side), largest=largest)
    axes.spines[:].set(visible=True, linewidth=0.5, alpha=0.4)


def first(runs: Runs, name: str) -> np.ndarray:
    """An array of the first seed."""
    return next(iter(runs.array(name).values()))


def side_of(picture: Sequence) -> int:
    return round(len(picture) ** 0.5)


def _power(k: int) -> str:
    return ELEMENTS[k]


def _arrow(figure: Figure, start: Axes, end: Axes, name: str = "") -> None:
    """An arrow between two axes, to the right or down, with a name beside it."""
    down = start.get_subplotspec().rowspan.start < end.get_subplotspec().rowspan.start
    here, there = ((0.5, 0), (0.5, 1)) if down else ((1, 0.5), (0, 0.5))
    end.annotate(
        "",
        xy=there,
        xycoords=end.transAxes,
        xytext=here,
        textcoords=start.transAxes,
        arrowprops={"arrowstyle": "->", "color": INK, "shrinkA": 2, "shrinkB": 12 if down else 2},
        annotation_clip=False,
    )
    if name:
        start.annotate(
            name, (0.56, -0.3), xycoords=start.transAxes, fontsize="x-small", annotation_clip=False
        )
