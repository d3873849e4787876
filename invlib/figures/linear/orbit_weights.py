"""The pictures of linear/orbit_weights: entries of W, their spread, and where on the image."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from invlib.figures.canvas import canvas, legend_below
from invlib.figures.curves import draw_methods, method_handles
from invlib.figures.palette import graded
from invlib.figures.reference import PaperCurves
from invlib.figures.show import INK
from invlib.groups import rotations
from invlib.metrics.orbit_spread import orbit_spread
from invlib.records.record import Record
from invlib.studies.linear.observer import tracked_orbit
from invlib.studies.linear.orbit_weights import spread_by_pixel
from invlib.studies.study import Runs

ROWS = 4  # of W that are drawn, as many as the paper draws
FLOOR = 1e-4  # below it a spread is drawn no more


def entries_figure(runs: Runs, paper: PaperCurves | None = None) -> Figure:
    """Entries of W on one orbit over training, for the first seed; a panel for each of four rows.

    The paper's panels are drawn thin behind, in the order of its figure: its rows have no names.
    """
    record = runs.known[0].record
    entries = record.arrays["orbit_weights"]  # [points, classes, pixels of the orbit]
    epochs, side = record.curves["epoch"], record.run.config["side"]
    orbit = tracked_orbit(rotations(side))
    shades = graded(orbit)
    theirs = _panels(paper) if paper is not None else {}
    with canvas(ROWS, height=8.2, sharex=True) as (figure, grid):
        for row, axes in enumerate(grid[:, 0]):
            for line in (theirs[panel] for panel in list(theirs)[row : row + 1]):
                axes.plot(line.index, line.to_numpy(), color=INK, lw=0.9, alpha=0.45)
            for column, pixel in enumerate(orbit):
                axes.plot(epochs, entries[:, row, column], color=shades[pixel])
            axes.set(ylabel=f"row of digit {row}", xlim=(0, epochs[-1]))
            axes.ticklabel_format(axis="y", scilimits=(-2, 3))
        axes.set(xlabel="epoch")
        handles = [
            Line2D([], [], color=shades[pixel], label=f"column {pixel}, {_place(pixel, side)}")
            for pixel in orbit
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


def paper_spread(paper: PaperCurves) -> PaperCurves:
    """The spread of the paper's columns, over the four rows that it shows."""
    entries = np.stack([panel.to_numpy() for panel in _panels(paper).values()], 1)
    epochs = paper.frame["epoch"].unique()
    frame = pd.DataFrame({"label": "augmented", "epoch": epochs, "value": orbit_spread(entries)})
    return PaperCurves(frame, paper.notes)


def where_figure(images: Runs, trained: dict[str, Runs]) -> Figure:
    """Pictures in the shape of the images: their contrast, and where W's columns still differ."""
    with canvas(2, 2, height=6.4) as (figure, grid):
        panels = list(grid.flat)
        contrast = np.mean([known.record.arrays["contrast"] for known in images.known], 0)
        _picture(panels[0], contrast, "contrast of the images", largest=None)
        for axes, (title, runs) in zip(panels[1:], trained.items(), strict=False):
            mean = np.mean([_spread(known.record) for known in runs.known], 0)
            shown = _picture(axes, mean, title, largest=1.0)
        figure.colorbar(
            shown, ax=grid, location="bottom", shrink=0.8, aspect=40, label="spread of the columns"
        )
    return figure


def _spread(record: Record) -> np.ndarray:
    return spread_by_pixel(record.arrays["weight"], rotations(record.run.config["side"]))


def _picture(axes: Axes, values: np.ndarray, title: str, largest: float | None) -> object:
    side = int(len(values) ** 0.5)
    axes.set(title=title, xticks=[], yticks=[])
    axes.grid(False)
    return axes.imshow(
        values.reshape(side, side), cmap="cividis", vmin=0, vmax=largest, interpolation="nearest"
    )


def _panels(paper: PaperCurves) -> dict[str, pd.DataFrame]:
    """The paper's four panels in its order: epochs as rows, the four columns of W as columns."""
    frame = paper.frame.copy()
    frame[["panel", "column"]] = frame["label"].str.rsplit(" ", n=1, expand=True)
    return {
        panel: lines.pivot(index="epoch", columns="column", values="value")
        for panel, lines in frame.groupby("panel", sort=False)
    }


def _place(pixel: int, side: int) -> str:
    return f"({pixel // side},\u00a0{pixel % side})"
