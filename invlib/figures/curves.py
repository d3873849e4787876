"""Training curves of several methods: mean and spread over seeds, the paper's run behind."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from invlib.figures.canvas import canvas, legend_below
from invlib.figures.palette import Look, looks
from invlib.figures.reference import PaperCurves
from invlib.figures.show import INK
from invlib.studies.study import Runs


def method_curves(
    runs: Runs,
    curve: str,
    *,
    ylabel: str,
    paper: PaperCurves | None = None,
    levels: pd.Series | None = None,
) -> Figure:
    """One line per method: the mean over seeds, with a band of one standard deviation.

    `levels` marks a value per method at the right edge, such as what the closed form promises.
    """
    with canvas() as (figure, axes):
        look = draw_methods(axes[0, 0], runs, curve, paper=paper, levels=levels)
        axes[0, 0].set(ylabel=ylabel)
        legend_below(figure, method_handles(look, paper is not None, levels is not None))
    return figure


def draw_methods(
    axes: Axes,
    runs: Runs,
    curve: str,
    *,
    paper: PaperCurves | None = None,
    levels: pd.Series | None = None,
) -> Mapping[str, Look]:
    """The same on axes of a figure with several panels; the looks that a legend needs.

    On axes that were made logarithmic before, mean and spread are those of the logarithm.
    """
    frame = runs.curves(curve)
    labels = list(frame["label"].unique())
    look = looks(labels)
    if paper is not None:
        ways = {label.partition("+")[0]: one for label, one in look.items()}  # as the paper's
        for way, line in paper.frame.groupby("label"):
            if way in ways:
                axes.plot(line["epoch"], line["value"], color=ways[way].colour, lw=1, alpha=0.6)
    scale = axes.yaxis.get_transform()
    frame[curve] = scale.transform(frame[curve].to_numpy(float))
    # By pandas at once: seaborn's own averaging takes a second for a figure of 300 epochs.
    summary = frame.groupby(["label", "epoch"])[curve].agg(["mean", "std"]).fillna(0)
    for label, one in look.items():
        line = summary.loc[label]
        middle, low, high = (
            scale.inverted().transform((line["mean"] + k * line["std"]).to_numpy())
            for k in (0, -1, 1)
        )
        axes.plot(line.index, middle, color=one.colour)
        axes.fill_between(line.index, low, high, color=one.colour, alpha=0.18, lw=0)
        every = max(1, len(line) // 6)
        points = slice(every // 2, None, every)  # markers tell methods apart without colour
        axes.plot(
            line.index[points], middle[points], ls="", marker=one.marker, ms=6, color=one.colour
        )
    last = frame["epoch"].max()
    for label, level in levels.items() if levels is not None else ():
        axes.plot(last * 1.03, level, marker="<", color=look[label].colour, clip_on=False)
    axes.set(xlabel="epoch", ylabel=curve.replace("_", " "), xlim=(0, last))
    return look


def method_handles(look: Mapping[str, Look], paper: bool, levels: bool = False) -> list[Line2D]:
    """What the legend of such a figure shows."""
    handles = [
        Line2D([], [], color=one.colour, marker=one.marker, label=one.name)
        for one in dict.fromkeys(look.values())
    ]
    if paper:
        handles.append(Line2D([], [], color=INK, lw=1, alpha=0.6, label="the paper's run (thin)"))
    if levels:
        handles.append(
            Line2D([], [], color=INK, ls="", marker="<", label="global optimum, closed form")
        )
    return handles
