"""The pictures of genuine/drift: Fig. 4, realistic shifts, and invariance beside accuracy."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from invlib.figures.canvas import canvas, legend_below
from invlib.figures.genuine.looks import GROUP_NAMES
from invlib.figures.genuine.looks import LOOKS as EVERY_LOOK
from invlib.figures.palette import Look
from invlib.figures.reference import PaperCurves
from invlib.figures.show import INK
from invlib.studies.genuine.drift import runs_of
from invlib.studies.genuine.drift_shifts import ATTACKS, GRADES
from invlib.studies.study import Runs

LOOKS = {method: EVERY_LOOK[method] for method in ("DA", "WT", "IR")}
TIED = EVERY_LOOK["WT"]
LOOKS_TIED = {
    "DA": EVERY_LOOK["DA"],
    "WT": replace(TIED, name="WT, mean (ours)"),
    "WT+max": replace(TIED, name="WT, maximum", marker="D", dash=(0, (3, 1.5))),
}
SHIFT_NAMES = {"fgsm": "FGSM", "pgd": "PGD"}


def along_drift(
    runs: Runs,
    curve: str,
    groups: Sequence[str],
    *,
    ylabel: str,
    looks: Mapping[str, Look] = LOOKS,
    paper: PaperCurves | None = None,
) -> Figure:
    """A panel per group, a line per method over β: mean and one standard deviation over seeds."""
    with canvas(len(groups), sharex=True) as (figure, axes):
        for panel, group in zip(axes[:, 0], groups, strict=True):
            if paper is not None:
                _paper_lines(panel, paper, group, looks)
            _method_lines(panel, runs.where(group=group), curve, "beta", looks)
            panel.set(title=GROUP_NAMES[group], ylabel=ylabel, xlabel="")
        axes[-1, 0].set(xlabel="mixing weight β")
        legend_below(figure, _handles(looks, paper is not None))
    return figure


def over_grades(runs: Runs, group: str) -> Figure:
    """Small panels, one per realistic shift: accuracy over grade for one group."""
    own = runs.where(group=group)
    with canvas(4, 2, height=9.0, sharex=True, sharey=True) as (figure, axes):
        for panel, name in zip(axes.flat, GRADES, strict=True):
            _method_lines(panel, own, f"accuracy_{name}", "grade", LOOKS)
            panel.set(title=SHIFT_NAMES.get(name, name), xlabel="", ylabel="")
        for panel in axes[:, 0]:
            panel.set(ylabel="accuracy")
        for panel in axes[-1]:
            panel.set(xlabel="grade")
        axes[0, 0].set(ylim=(0, 1))
        legend_below(figure, _handles(LOOKS, False), columns=3)
    return figure


def invariance_and_accuracy(runs: Runs, groups: Sequence[str]) -> Figure:
    """DI against the loss of accuracy: a mark per method, shift and grade, the mean over seeds."""
    with canvas(len(groups), sharex=True) as (figure, axes):
        for panel, group in zip(axes[:, 0], groups, strict=True):
            own = runs.where(group=group)
            for method, look in LOOKS.items():
                for name in GRADES:
                    points = _loss_and_divergence(own.where(method=method), name)
                    hollow = name in ATTACKS
                    panel.plot(
                        points["loss"],
                        points["DI"],
                        ls="",
                        marker=look.marker,
                        ms=5,
                        color=look.colour,
                        markerfacecolor="none" if hollow else look.colour,
                        alpha=0.8,
                    )
            panel.set_yscale("symlog", linthresh=1e-3, linscale=0.4)
            panel.set(
                title=GROUP_NAMES[group], ylabel="DI (linear below 0.001)", ylim=(-2e-4, None)
            )
        axes[-1, 0].set(xlabel="accuracy lost to the shift")
        handles = [
            Line2D([], [], color=look.colour, marker=look.marker, ls="", label=look.name)
            for look in LOOKS.values()
        ]
        hollow = {"ls": "", "marker": "o", "color": INK, "markerfacecolor": "none"}
        handles.append(Line2D([], [], **hollow, label="hollow: FGSM, PGD"))
        legend_below(figure, handles)
    return figure


def _loss_and_divergence(runs: Runs, name: str) -> pd.DataFrame:
    accuracy = runs.curves(f"accuracy_{name}", "grade").groupby("grade")[f"accuracy_{name}"].mean()
    divergence = runs.curves(f"DI_{name}", "grade").groupby("grade")[f"DI_{name}"].mean()
    found = pd.DataFrame({"loss": accuracy.loc[0] - accuracy, "DI": divergence})
    return found.drop(index=0)


def _method_lines(axes: Axes, runs: Runs, curve: str, axis: str, looks: Mapping[str, Look]) -> None:
    for method, look in looks.items():
        found = runs_of(runs, method).curves(curve, axis).groupby(axis)[curve]
        mean, spread = found.mean(), found.std().fillna(0)
        axes.plot(mean.index, mean, **_line(look))
        axes.fill_between(
            mean.index, mean - spread, mean + spread, color=look.colour, alpha=0.18, lw=0
        )


def _line(look: Look) -> dict[str, object]:
    return {"color": look.colour, "marker": look.marker, "ms": 5, "ls": look.dash, "lw": 1.5}


def _paper_lines(axes: Axes, paper: PaperCurves, group: str, looks: Mapping[str, Look]) -> None:
    for label, line in paper.frame.groupby("label"):
        where, _, method = label.partition("-")
        if where == group and method in looks:
            axes.plot(line["beta"], line["value"], color=looks[method].colour, lw=1, alpha=0.6)


def _handles(looks: Mapping[str, Look], paper: bool) -> list[Line2D]:
    handles = [Line2D([], [], **_line(look), label=look.name) for look in looks.values()]
    if paper:
        handles.append(Line2D([], [], color=INK, lw=1, alpha=0.6, label="the paper's (thin)"))
    return handles
