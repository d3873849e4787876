"""The pictures of genuine/without_decay: the fronts of all penalties, and what they do to a map."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from invlib.figures.canvas import canvas, legend_below
from invlib.figures.genuine.log_ticks import plain_log_ticks
from invlib.figures.genuine.looks import LOOKS as PAPER
from invlib.figures.palette import Look
from invlib.figures.show import INK
from invlib.studies.genuine.sample import CLASSES
from invlib.studies.study import Runs

LOOKS = {
    "none": PAPER["DA"],
    "l2": PAPER["IR"],
    "kl": PAPER["KL"],
    "l2_normalized": PAPER["L2N"],
    "ratio": Look("ratio", "#7b4173", "D", "-"),
    "detached": Look("ratio, V detached", "#b07aa1", "d", ":"),
    "cosine": Look("cosine", "#3182bd", "s", "-"),
    "contrast": Look("contrast", "#637939", "P", "-"),
    "held": Look("held spread", "#56b4e9", "X", "-"),
    "teacher": Look("orbit teacher", "#843c39", "*", "-"),
}
ACROSS = {
    "SI": ("SI", "linear"),
    "relative_LI": ("LI / V", "log"),
    "sigma_max": ("σ_max(J)", "log"),
}
FLOW = {
    "norm": ("‖W‖ over start", "linear"),
    "sigma": ("σ_max(W) over start", "linear"),
    "relative_LI": ("LI / V", "log"),
}


def front_figure(networks: Runs, plain: pd.DataFrame) -> Figure:
    """Accuracy over SI, over LI / V and over σ_max: a line per penalty, a point per strength, and a
    dot for the plain networks. Penalties under which nothing was learned are left out.
    """
    means = networks.frame().groupby(["penalty", "strength"]).mean(numeric_only=True)
    plain = plain.mean(numeric_only=True)
    tried = means.index.unique("penalty").difference(guessing(networks))
    penalties = [name for name in LOOKS if name in tried]
    with canvas(3, 1, height=10, sharey=True) as (figure, axes):
        for panel, (metric, (words, scale)) in zip(axes[:, 0], ACROSS.items(), strict=True):
            for name in penalties:
                _line(panel, means.loc[name], LOOKS[name], metric)
            panel.plot(plain[metric], plain["accuracy"], "o", ms=11, color=LOOKS["none"].colour)
            panel.set(xscale=scale, xlabel=words, ylabel="accuracy")
            if scale == "log":
                plain_log_ticks(panel.xaxis)
        axes[0, 0].axvline(0.95, color=INK, lw=0.8, ls=":")
        axes[2, 0].axvline(plain["sigma_max"] / 2, color=INK, lw=0.8, ls=":")
        legend_below(figure, _handles(["none", *penalties]))
    return figure


def guessing(networks: Runs) -> list[str]:
    """Penalties under which no network learned the task: they would only stretch the axes."""
    best = networks.frame().groupby("penalty", sort=False)["accuracy"].max()
    return list(best.index[best < 2 / CLASSES])


def _line(panel: Axes, own: pd.DataFrame, look: Look, metric: str) -> None:
    style = {"color": look.colour, "marker": look.marker, "ls": look.dash, "ms": 7, "lw": 1.2}
    panel.plot(own[metric], own["accuracy"], **style)


def flow_figure(flows: Runs) -> Figure:
    """What each penalty alone does to a linear map: ‖W‖, its largest singular value, LI / V."""
    with canvas(3, 1, height=9, sharex=True) as (figure, axes):
        for panel, (curve, (words, scale)) in zip(axes[:, 0], FLOW.items(), strict=True):
            frame = flows.curves(curve, axis="step")
            for label, own in frame.groupby("label", sort=False):
                look = LOOKS[label.removeprefix("flow-")]
                mean = own.groupby("step")[curve].mean()
                style = {"color": look.colour, "marker": look.marker, "ls": look.dash}
                panel.plot(mean.index, mean, **style, ms=6, markevery=8)
            panel.set(yscale=scale, ylabel=words)
        axes[-1, 0].set_xlabel("steps down the penalty")
        names = [label.removeprefix("flow-") for label in flows.frame()["label"].unique()]
        legend_below(figure, _handles(names))
    return figure


def _handles(names: Sequence[str]) -> list[Line2D]:
    looks = [LOOKS[name] for name in names]
    return [
        Line2D([], [], color=one.colour, marker=one.marker, ls=one.dash, label=one.name)
        for one in looks
    ]
