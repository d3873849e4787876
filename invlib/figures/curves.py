"""Training curves of several methods: mean and spread over seeds, the paper's run behind."""

from collections.abc import Mapping

import pandas as pd
import seaborn as sns
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
    sns.lineplot(
        frame,
        x="epoch",
        y=curve,
        hue="label",
        palette={label: look[label].colour for label in labels},
        errorbar=("sd", 1),
        err_kws={"alpha": 0.18, "linewidth": 0},
        legend=False,
        ax=axes,
    )
    scale = (
        axes.yaxis.get_transform()
    )  # seaborn averages what the axis shows: logarithms, on a log axis
    shown = frame.assign(**{curve: scale.transform(frame[curve].to_numpy(float))})
    means = shown.groupby(["label", "epoch"], as_index=False)[curve].mean()
    means[curve] = scale.inverted().transform(means[curve].to_numpy())
    for label, line in means.groupby("label"):
        every = max(1, len(line) // 6)
        points = line.iloc[every // 2 :: every]  # markers tell methods apart without colour
        colour, marker = look[label].colour, look[label].marker
        axes.plot(points["epoch"], points[curve], ls="", marker=marker, ms=6, color=colour)
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
