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
POWERS = ("", "g", "g²", "g³")


def orbits_picture(runs: Runs) -> Figure:
    """A digit under quarter turns and under shifts, and an image of higher symmetry."""
    image = torch.from_numpy(first(runs, "image"))
    side = side_of(image)
    rows = (
        ("R²₄", "x", rotations(side).orbit(image)),
        ("T²₃", "x", translations(side).orbit(image)),
        ("R²₄", "s", rotations(side).orbit(half_turn_mean(image, side))),
    )
    with canvas(len(rows), 4, height=5.4) as (figure, grid):
        for (group, name, orbit), line in zip(rows, grid, strict=True):
            for k, axes in enumerate(line):
                if k < len(orbit):
                    picture(axes, orbit[k].numpy(), largest=1)
                    axes.set_title(POWERS[k] + name, loc="center", fontsize="small")
                else:
                    axes.set_axis_off()
            line[0].set_ylabel(group)
    return figure


def squares_picture(runs: Runs) -> Figure:
    """Two squares: turn then map, or map then turn. Left an equivariant map, right an invariant."""
    image = torch.from_numpy(first(runs, "image")).double()
    side = side_of(image)
    turned = rotations(side).act(image, 1)
    logits = first(runs, "averaged")
    with canvas(2, 5, height=3.7, width_ratios=(1, 1, 0.12, 1, 1)) as (figure, grid):
        figure.get_layout_engine().set(wspace=0.12, hspace=0.1)
        for axes in grid[:, 2]:
            axes.set_axis_off()
        for left, name in ((0, "ψ"), (3, "h")):
            pair = grid[:, left : left + 2]
            for axes, one, label in zip(pair[0], (image, turned), ("x", "gx"), strict=True):
                picture(axes, one.numpy(), largest=1)
                axes.set_title(label, loc="center", fontsize="small")
            _arrow(pair[0, 0], pair[0, 1], "g")
            _arrow(pair[0, 0], pair[1, 0], name)
            _arrow(pair[0, 1], pair[1, 1], name)
        for axes, one, label in zip(grid[1], (image, turned), ("ψ(x)", "ψ(gx)"), strict=False):
            picture(axes, outline(one, side).numpy())
            axes.set_xlabel(label, fontsize="small")
        _arrow(grid[1, 0], grid[1, 1], "g")
        for axes, one, label in zip(grid[1, 3:], logits[:2], ("h(x)", "h(gx)"), strict=True):
            axes.bar(range(len(one)), one, color=TURNS[0])
            axes.set(xticks=[], yticks=[])
            axes.set_xlabel(label, fontsize="small")
        _arrow(grid[1, 3], grid[1, 4], "=")
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
                    ls="",
                    marker=MARKERS[k],
                    ms=5,
                    color=TURNS[k],
                    label=f"{POWERS[k]}x",
                )
            axes.set(ylabel=name)
        grid[1, 0].set(xlabel="class", xticks=range(logits.shape[1]), ylim=(-0.05, 1.05))
        legend_below(figure, grid[0, 0].get_lines(), columns=4)
    return figure


def picture(axes: Axes, pixels: np.ndarray, largest: float | None = None) -> None:
    """A flattened image on axes of its own."""
    side = side_of(pixels)
    images(axes, pixels.reshape(side, side), largest=largest)
    axes.spines[:].set(visible=True, linewidth=0.5, alpha=0.8)


def first(runs: Runs, name: str) -> np.ndarray:
    """An array of the first seed."""
    return next(iter(runs.array(name).values()))


def side_of(picture: Sequence) -> int:
    return round(len(picture) ** 0.5)


def _arrow(start: Axes, end: Axes, name: str) -> None:
    """An arrow between two axes, to the right or down, with a name beside it."""
    right = start.get_subplotspec().rowspan == end.get_subplotspec().rowspan
    here, there = ((1, 0.5), (0, 0.5)) if right else ((0.5, 0), (0.5, 1))
    if name != "=":
        end.annotate(
            "",
            xy=there,
            xycoords=end.transAxes,
            xytext=here,
            textcoords=start.transAxes,
            arrowprops={"arrowstyle": "->", "color": INK, "shrinkA": 2, "shrinkB": 2},
            annotation_clip=False,
        )
    away, align = ((8, 4), "center") if right else ((5, -16), "left")
    start.annotate(
        name,
        here,
        xycoords=start.transAxes,
        xytext=away,
        textcoords="offset points",
        ha=align,
        fontsize="small",
        annotation_clip=False,
    )
