"""The pictures of genuine/unknown_group: thresholds, generators, a distribution that is learned."""

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from invlib.figures.canvas import canvas, legend_below
from invlib.figures.genuine.looks import LOOKS
from invlib.figures.show import INK
from invlib.metrics.affine_generators import CONTINUOUS
from invlib.studies.genuine.recovered_group import THRESHOLD
from invlib.studies.genuine.sample import GROUPS
from invlib.studies.study import Runs

METHODS = ("DA", "IR", "WT")
NAMES = {"R4": "quarter turns R4", "T3": "three shifts T3", "none": "no group"}
PARTS = {
    "identity": ("the identity", "#0072b2", "o"),
    "others": ("the rest of the true group", "#009e73", "s"),
    "false": ("everything else", "#d55e00", "^"),
}
FLOOR = 1e-9  # below it a sensitivity is rounding


def threshold_figure(runs: Runs) -> Figure:
    """How many candidates each threshold accepts, and how many of them are a group."""
    orders = {"R4": 4, "T3": 3}
    with canvas(2, height=6.4, sharex=True) as (figure, axes):
        for group, panel in zip(GROUPS, axes[:, 0], strict=True):
            for method in METHODS:
                look = LOOKS[method]
                own = runs.where(group=group, method=method)
                for curve, style in (("accepted_at", {"ls": ":", "lw": 1.6}), ("order_at", {})):
                    mean = own.curves(curve, axis="threshold").groupby("threshold")[curve].mean()
                    panel.plot(mean.index, mean, color=look.colour, **style)
                    if curve == "order_at":
                        some = mean.iloc[2::6]
                        panel.plot(some.index, some, look.marker, color=look.colour, ms=6)
            panel.axhline(orders[group], color=INK, lw=0.8, alpha=0.5)
            panel.axvline(THRESHOLD, color=INK, lw=0.8, ls=(0, (4, 3)))
            panel.set(xscale="log", yscale="log", ylabel="transformations")
            panel.set_title(f"trained on {NAMES[group]}", fontsize="small")
        axes[1, 0].set(xlabel="largest invariance score that is accepted")
        handles = [
            Line2D([], [], color=LOOKS[m].colour, marker=LOOKS[m].marker, label=LOOKS[m].name)
            for m in METHODS
        ]
        handles += [
            Line2D([], [], color=INK, ls=":", lw=1.6, label="accepted"),
            Line2D([], [], color=INK, label="group inside them"),
            Line2D([], [], color=INK, lw=0.8, ls=(0, (4, 3)), label="the rule's threshold"),
            Line2D([], [], color=INK, lw=0.8, alpha=0.5, label="order of the true group"),
        ]
        legend_below(figure, handles)
    return figure


def generators_figure(known: Runs, trained: Runs) -> Figure:
    """The least sensitivity over the largest, a point per function or network."""
    names = {
        "known-turn": "known: any turn",
        "known-ellipse": "known: along ellipses",
        "known-shift": "known: shifts along x",
        "known-none": "known: nothing",
        **{f"{g}-{m}": f"{m}, {g}" for g in GROUPS for m in METHODS},
    }
    frame = pd.concat([known.frame(), trained.frame()])
    with canvas(height=4.6) as (figure, axes):
        plot = axes[0, 0]
        for row, label in enumerate(names):
            values = frame.loc[frame["label"] == label, "generator_gap"].clip(lower=FLOOR)
            method = label.partition("-")[2]
            look = LOOKS.get(method)
            colour, marker = (look.colour, look.marker) if look else (INK, "D")
            plot.plot(values, np.full(len(values), row), marker, color=colour, ms=6, alpha=0.7)
        plot.axvline(CONTINUOUS, color=INK, lw=0.8, ls=(0, (4, 3)))
        plot.set(xscale="log", xlim=(FLOOR / 2, 1.5), ylim=(len(names) - 0.5, -0.5))
        plot.set(xlabel="least over largest sensitivity to a motion")
        plot.set_yticks(range(len(names)), list(names.values()))
        legend_below(
            figure,
            [
                Line2D(
                    [], [], color=INK, lw=0.8, ls=(0, (4, 3)), label="rule: continuous to the left"
                )
            ],
        )
    return figure


def learning_figure(runs: Runs) -> Figure:
    """Where the learned distribution has its mass, over training; a panel for each truth."""
    with canvas(3, height=7.4, sharex=True) as (figure, axes):
        for truth, panel in zip(NAMES, axes[:, 0], strict=True):
            frame = _masses(runs.where(truth=truth, knowledge="learned"))
            for part, (_, colour, marker) in PARTS.items():
                if truth == "none" and part == "others":
                    continue  # the true group is the identity alone
                sns.lineplot(
                    frame,
                    x="epoch",
                    y=part,
                    color=colour,
                    errorbar=("sd", 1),
                    err_kws={"alpha": 0.18, "linewidth": 0},
                    ax=panel,
                )
                means = frame.groupby("epoch")[part].mean()
                some = means.iloc[:: max(1, len(means) // 7)]
                panel.plot(some.index, some, marker, color=colour, ms=6)
            panel.set(ylim=(-0.03, 1.03), ylabel="mass", xlabel="epoch")
            panel.set_title(f"images moved by: {NAMES[truth]}", fontsize="small")
        handles = [
            Line2D([], [], color=colour, marker=marker, label=name)
            for name, colour, marker in PARTS.values()
        ]
        legend_below(figure, handles)
    return figure


def _masses(runs: Runs) -> pd.DataFrame:
    """The mass of each part, one row per seed and epoch."""
    frame = runs.curves("mass").merge(runs.curves("identity"), on=["label", "seed", "epoch"])
    frame["others"] = frame["mass"] - frame["identity"]
    frame["false"] = 1 - frame["mass"]
    return frame
