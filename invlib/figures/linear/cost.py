"""The picture of linear/three_ways on what an epoch costs."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter

from invlib.figures.canvas import canvas, legend_below
from invlib.figures.palette import LOOKS
from invlib.figures.show import INK
from invlib.studies.study import Runs
from invlib.tables.linear.cost import MANNERS


def cost_figure(runs: Runs) -> Figure:
    """Multiply-adds and seconds of an epoch, each over those of hard-wiring, on a log axis."""
    frame = runs.frame()
    places = np.arange(len(MANNERS))[::-1]
    with canvas(height=5.6) as (figure, grid):
        axes = grid[0, 0]
        for place, (manner, words) in zip(places, MANNERS.items(), strict=True):
            work = (frame[f"multiply_adds_{manner}"] / frame["multiply_adds_constrained"]).mean()
            time = (frame[f"seconds_{manner}"] / frame["seconds_constrained"]).mean()
            colour = _colour(manner)
            axes.plot([work, time], [place] * 2, color=colour, lw=1, alpha=0.6)
            axes.plot(work, place, "o", ms=8, color=colour)
            axes.plot(time, place, "|", ms=14, mew=3, color=colour)
            # Beside the axis, words this long would leave half the width to the data.
            axes.text(0.01, place + 0.28, words, transform=axes.get_yaxis_transform(), size="small")
        axes.axvline(1, color=INK, lw=0.8)
        axes.set(xscale="log", xlabel="one epoch over one of hard-wiring", yticks=[])
        axes.set(ylim=(-0.6, len(MANNERS) - 0.2))
        axes.spines["left"].set_visible(False)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        kinds = [
            Line2D([], [], color=INK, ls="", marker="o", ms=8, label="multiply-adds"),
            Line2D([], [], color=INK, ls="", marker="|", ms=14, mew=3, label="processor seconds"),
        ]
        legend_below(figure, kinds)
    return figure


def _colour(manner: str) -> str:
    way = manner.partition("_")[0]
    return LOOKS["regularized-0.1" if way == "regularized" else way].colour
