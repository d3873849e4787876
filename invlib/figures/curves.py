"""Training curves of several methods: mean and spread over seeds, the paper's run behind."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import seaborn as sns
from matplotlib import pyplot
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from invlib.figures.palette import looks
from invlib.figures.reference import PaperCurves
from invlib.figures.show import INK
from invlib.studies.study import Runs

STYLE = Path(__file__).with_name("companion.mplstyle")


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
    frame = runs.curves(curve)
    labels = list(frame["label"].unique())
    look = looks(labels)
    with pyplot.style.context(STYLE):
        figure, axes = pyplot.subplots()
        if paper is not None:
            for label, line in paper.frame.groupby("label"):
                if label in look:
                    axes.plot(
                        line["epoch"], line["value"], color=look[label].colour, lw=1, alpha=0.6
                    )
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
        means = frame.groupby(["label", "epoch"], as_index=False)[curve].mean()
        for label, line in means.groupby("label"):
            every = max(1, len(line) // 6)
            points = line.iloc[every // 2 :: every]  # markers tell methods apart without colour
            axes.plot(
                points["epoch"], points[curve], ls="", marker=look[label].marker, ms=6,
                color=look[label].colour,
            )  # fmt: skip
        last = frame["epoch"].max()
        for label, level in levels.items() if levels is not None else ():
            axes.plot(last * 1.03, level, marker="<", color=look[label].colour, clip_on=False)
        axes.set(xlabel="epoch", ylabel=ylabel, xlim=(0, last))
        _legend(figure, look, paper is not None, levels is not None)
    return figure


def _legend(figure: Figure, look: Mapping, paper: bool, levels: bool) -> None:
    """Below the axes, where it fits a phone."""
    handles = [
        Line2D([], [], color=one.colour, marker=one.marker, label=one.name) for one in look.values()
    ]
    if paper:
        handles.append(Line2D([], [], color=INK, lw=1, alpha=0.6, label="the paper's run (thin)"))
    if levels:
        handles.append(
            Line2D([], [], color=INK, ls="", marker="<", label="global optimum, closed form")
        )
    figure.legend(handles=handles, loc="outside lower center", ncols=2, fontsize="small")
