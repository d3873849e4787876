"""Pictures of linear/rank: the optima over the rank bound, and training at several widths."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from invlib.figures.canvas import canvas, legend_below
from invlib.figures.curves import method_handles
from invlib.figures.palette import graded, looks
from invlib.figures.show import INK
from invlib.studies.study import Runs


def over_rank(
    runs: Runs, curve: str, *, sides: Sequence[int], ylabel: str, log: bool = False
) -> Figure:
    """One panel per size of the images, one line per way: mean and one standard deviation."""
    with canvas(len(sides)) as (figure, axes):
        for panel, side in zip(axes[:, 0], sides, strict=True):
            own = runs.where(side=side)
            look = _draw(panel, own, curve, log)
            orbits = int(own.frame()["orbits"].iloc[0])
            if orbits < 9:
                panel.axvline(orbits, color=INK, lw=1, ls=":")
            panel.set(title=f"{side}×{side} pixels, d = {orbits} orbits", ylabel=ylabel)
            panel.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes[-1, 0].set(xlabel="rank bound r")
        legend_below(figure, method_handles(look, paper=False))
    return figure


def _draw(axes: Axes, runs: Runs, curve: str, log: bool) -> dict:
    frame = runs.curves(curve, axis="rank")
    if log:
        frame = frame[frame["label"].str.startswith("regularized")]  # the others: zero, or rounding
        axes.set_yscale("log")
    look = looks(list(frame["label"].unique()))
    for label, own in frame.groupby("label", sort=False):
        found = own.groupby("rank")[curve].agg(["mean", "std"]).fillna(0)
        axes.errorbar(
            found.index,
            found["mean"],
            found["std"],
            color=look[label].colour,
            marker=look[label].marker,
            ls=look[label].dash,
            ms=6 if label.startswith("constrained") else 5,
            lw=1.5,
            elinewidth=1,
            zorder=3 if label.startswith("constrained") else 2,
        )
    return look


def descents(runs: Runs, *, widths: Sequence[int]) -> Figure:
    """One panel per way: the largest gap to the closed form over all starts and seeds."""
    shades = graded(list(widths))
    ways = list(dict.fromkeys(runs.frame()["method"]))
    with canvas(len(ways), sharex=True) as (figure, axes):
        for panel, way in zip(axes[:, 0], ways, strict=True):
            for width in widths:
                own = runs.where(method=way, hidden=width)
                worst = own.curves("gap").groupby("epoch")["gap"].max()
                panel.plot(worst.index, worst, color=shades[width])
            label = own.frame()["label"].iloc[0]
            panel.set(title=looks([label])[label].name, yscale="log", ylabel="largest relative gap")
        axes[-1, 0].set(xlabel="epoch")
        handles = [Line2D([], [], color=shades[w], label=f"{w} hidden units") for w in widths]
        legend_below(figure, handles)
    return figure
