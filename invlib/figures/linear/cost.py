"""The picture of linear/three_ways on what an epoch costs."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from invlib.figures.canvas import canvas, legend_below
from invlib.figures.palette import LOOKS
from invlib.figures.show import INK
from invlib.studies.study import Runs
from invlib.tables.linear.cost import MANNERS


def cost_figure(runs: Runs) -> Figure:
    """Multiply-adds and seconds of an epoch, each over those of hard-wiring, on a log axis."""
    frame = runs.frame()
    places = np.arange(len(MANNERS))[::-1]
    with canvas(height=4.4) as (figure, grid):
        axes = grid[0, 0]
        for place, manner in zip(places, MANNERS, strict=True):
            work = frame[f"multiply_adds_{manner}"] / frame["multiply_adds_constrained"]
            time = frame[f"seconds_{manner}"] / frame["seconds_constrained"]
            colour = _colour(manner)
            axes.plot([work.mean(), time.mean()], [place] * 2, color=colour, lw=1, alpha=0.6)
            axes.plot(work.mean(), place, "o", ms=8, color=colour)
            axes.plot(time.mean(), place, "|", ms=14, mew=3, color=colour)
        axes.axvline(1, color=INK, lw=0.8)
        axes.set(xscale="log", xlabel="cost of an epoch over hard-wiring's")
        axes.set_yticks(places, list(MANNERS.values()), fontsize="small")
        kinds = [
            Line2D([], [], color=INK, ls="", marker="o", ms=8, label="multiply-adds"),
            Line2D([], [], color=INK, ls="", marker="|", ms=14, mew=3, label="seconds"),
        ]
        legend_below(figure, kinds)
    return figure


def _colour(manner: str) -> str:
    way = manner.partition("_")[0]
    return LOOKS["regularized-0.1" if way == "regularized" else way].colour
