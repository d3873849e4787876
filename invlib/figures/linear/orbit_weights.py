"""The pictures of linear/orbit_weights: entries of W, their spread, and where on the image."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from invlib.figures.canvas import canvas, legend_below
from invlib.figures.curves import draw_methods, method_handles
from invlib.figures.linear.paper_rows import panels, paper_spread
from invlib.figures.palette import graded
from invlib.figures.reference import PaperCurves
from invlib.figures.show import INK
from invlib.groups import rotations
from invlib.records.record import Record
from invlib.studies.linear.observer import tracked_orbit
from invlib.studies.linear.orbit_weights import spread_by_pixel
from invlib.studies.study import Runs

ROWS = 4  # of W that are drawn, as many as the paper draws
FLOOR = 1e-4  # below it a spread is drawn no more
DASHES = ("-", (0, (6, 1.5)), (0, (3, 1.5)), (0, (1, 1)))  # so that lines that have merged all show


def entries_figure(runs: Runs, paper: PaperCurves | None = None) -> Figure:
    """Entries of W on one orbit over training, for the first seed; a panel for each of four rows.

    The paper's panels are drawn thin behind, in the order of its figure: its rows have no names.
    """
    record = runs.known[0].record
    entries = record.arrays["orbit_weights"]  # [points, classes, pixels of the orbit]
    epochs, side = record.curves["epoch"], record.run.config["side"]
    orbit = tracked_orbit(rotations(side))
    shades = graded(orbit)
    theirs = panels(paper) if paper is not None else []
    with canvas(ROWS, height=8.2, sharex=True) as (figure, grid):
        for row, axes in enumerate(grid[:, 0]):
            for line in theirs[row : row + 1]:
                axes.plot(line.index, line.to_numpy(), color=INK, lw=0.9, alpha=0.45)
            for column, pixel in enumerate(orbit):
                axes.plot(epochs, entries[:, row, column], color=shades[pixel], ls=DASHES[column])
            axes.set(ylabel=f"row of digit {row}", xlim=(0, epochs[-1]))
        axes.set(xlabel="epoch")
        handles = [
            Line2D([], [], color=shades[pixel], ls=dash, label=_name(pixel, side))
            for pixel, dash in zip(orbit, DASHES, strict=False)
        ]
        if theirs:
            handles.append(
                Line2D([], [], color=INK, lw=0.9, alpha=0.45, label="the paper's run, other rows")
            )
        legend_below(figure, handles)
    return figure


def spread_figure(runs: Runs, papers: dict[str, PaperCurves] | None = None) -> Figure:
    """The spread of the columns over training, a panel for each loss, on a log axis."""
    names = {"mse": "squared error", "cross_entropy": "cross-entropy"}
    look = {}
    with canvas(len(names), sharex=True) as (figure, grid):
        for axes, (loss, words) in zip(grid[:, 0], names.items(), strict=True):
            paper = paper_spread(papers[loss]) if papers else None
            axes.set(yscale="log")
            look |= draw_methods(axes, of_loss(runs, loss), "orbit_spread", paper=paper)
            axes.set(title=words, ylabel="spread of the columns", ylim=(FLOOR, 1.3))
        ways = {one.name: one for one in look.values()}
        legend_below(figure, method_handles(ways, bool(papers)))
    return figure


def of_loss(runs: Runs, loss: str) -> Runs:
    """The trained runs with one loss whose columns are not equal by construction."""
    own = [
        known
        for known in runs.known
        if known.record.run.config["loss"] == loss
        and known.record.run.config["method"] != "constrained"
    ]
    return Runs(own, runs.parameters)


def where_figure(images: Runs, trained: dict[str, Runs]) -> Figure:
    """Pictures in the shape of the images: their contrast, and where W's columns still differ."""
    contrast = np.mean([known.record.arrays["contrast"] for known in images.known], 0)
    spreads = {
        title: np.mean([_spread(known.record) for known in runs.known], 0)
        for title, runs in trained.items()
    }
    largest = max(spread.max() for spread in spreads.values())
    with canvas(2, 2, height=6.4) as (figure, grid):
        _picture(grid[0, 0], contrast, "contrast of the images", contrast.max())
        for axes, (title, spread) in zip(grid.flat[1:], spreads.items(), strict=True):
            shown = _picture(axes, spread, title, largest)
        figure.colorbar(
            shown, ax=grid, location="bottom", shrink=0.8, aspect=40, label="spread of the columns"
        )
    return figure


def _spread(record: Record) -> np.ndarray:
    return spread_by_pixel(record.arrays["weight"], rotations(record.run.config["side"]))


def _picture(axes: Axes, values: np.ndarray, title: str, largest: float) -> object:
    side = int(len(values) ** 0.5)
    axes.set(title=title, xticks=[], yticks=[])
    axes.grid(False)
    axes.spines[:].set_visible(False)
    return axes.imshow(
        values.reshape(side, side), cmap="cividis", vmin=0, vmax=largest, interpolation="nearest"
    )


def _name(pixel: int, side: int) -> str:
    return f"column {pixel}, ({pixel // side},\u00a0{pixel % side})"
