"""The pictures of genuine/spectral_decay that show networks: Fig. 5, training, directions."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from invlib.figures.canvas import canvas, legend_below
from invlib.figures.genuine.looks import GROUP_NAMES, LOOKS
from invlib.figures.show import INK
from invlib.studies.genuine.penalty_alone import EXPERIMENT as ALONE
from invlib.studies.study import Runs
from invlib.tables.genuine.spectral_decay import (
    METHODS,
    PENALTY_NAMES,
    SHORT,
    directions_frame,
    final_networks,
    paper_bars,
)

DIRECTION_NAMES = {
    "sigma_max": "σ_max(J)",
    "along_orbit": "gx − x",
    "along_classes": "class to class",
    "along_images": "image to image",
    "along_random": "random",
    "along_invariant": "random, unmoved by g",
}
PENALTY_COLOURS = {
    "l2": LOOKS["IR"].colour,
    "l2_normalized": LOOKS["L2N"].colour,
    "kl": LOOKS["KL"].colour,
}


def sensitivity_and_accuracy(runs: Runs, *, paper: bool) -> Figure:
    """Fig. 5: σ_max(J) as bars, accuracy below; a column per group, the paper as rings."""
    frame, theirs = final_networks(runs).frame(), paper_bars()
    with canvas(2, 2, height=5.6, sharey="row") as (figure, axes):
        for column, group in enumerate(GROUP_NAMES):
            top, bottom = axes[:, column]
            for place, method in enumerate(METHODS):
                own = frame.query("group == @group and method == @method")
                colour, marker = LOOKS[method].colour, LOOKS[method].marker
                sigma, accuracy = own["sigma_max"], own["accuracy"] * 100
                top.bar(place, sigma.mean(), color=colour, alpha=0.75, width=0.7)
                for panel, values in ((top, sigma), (bottom, accuracy)):
                    panel.errorbar(place, values.mean(), values.std() if len(values) > 1 else 0,
                                   color=INK if panel is top else colour, capsize=3, lw=1,
                                   marker="" if panel is top else marker, ms=7)  # fmt: skip
                if paper and (group, method) in theirs.index:
                    bar = theirs.loc[(group, method)]
                    for panel, value in ((top, bar.sigma_max), (bottom, bar.accuracy)):
                        panel.plot(place, value, ls="", marker="o", ms=11, mfc="none",
                                   mec=INK, mew=1.2)  # fmt: skip
            top.set(title=GROUP_NAMES[group], xticks=[])
            bottom.set_xticks(range(len(METHODS)), list(SHORT.values()), rotation=40, ha="right")
            for panel in (top, bottom):
                panel.set_xlim(-0.6, len(METHODS) - 0.4)
                panel.grid(False, axis="x")
        axes[0, 0].set(ylabel="σ_max(J)")
        axes[1, 0].set(ylabel="accuracy (%)")
        if paper:
            ring = Line2D([], [], ls="", marker="o", ms=10, mfc="none", mec=INK, label="the paper")
            legend_below(figure, [ring])
    return figure


def sensitivity_over_training(runs: Runs) -> Figure:
    """The mean of σ_max(J) over epochs, one panel per group, one line per method."""
    return _by_group(final_networks(runs), "epoch", lambda curves: curves["sigma_max"],
                     METHODS, "σ_max(J)")  # fmt: skip


def layer_norms(runs: Runs, methods: Sequence[str] = ("DA", "IR")) -> Figure:
    """The spectral norm of every weight matrix over epochs: a row per layer, a column per group."""
    networks = final_networks(runs)
    layers = sum(name.startswith("norm_") for name in networks.known[0].record.curves)
    with canvas(layers, 2, height=1.6 + 1.25 * layers, sharex=True, sharey="row") as drawn:
        figure, axes = drawn
        for column, group in enumerate(GROUP_NAMES):
            for layer, panel in enumerate(axes[:, column]):
                for method in methods:
                    own = _runs_of(networks, group, method)
                    _line(panel, own, "epoch", lambda c, k=layer: c[f"norm_{k + 1}"], method)
                if column == 0:
                    panel.set(ylabel=f"‖W{_subscript(layer + 1)}‖₂")
            axes[0, column].set(title=GROUP_NAMES[group])
            axes[-1, column].set(xlabel="epoch")
        legend_below(figure, [_handle(method) for method in methods])
    return figure


def directions(runs: Runs) -> Figure:
    """The response to a small step over that of DA, by kind of direction; a panel per group."""
    frame = directions_frame(runs)
    shown = [method for method in METHODS if method != "DA"]
    with canvas(2, sharex=True) as (figure, axes):
        for panel, group in zip(axes[:, 0], GROUP_NAMES, strict=True):
            for place, name in enumerate(DIRECTION_NAMES):
                for i, method in enumerate(shown):
                    values = frame.query("group == @group and method == @method")[name]
                    at = place + 0.16 * (i - (len(shown) - 1) / 2)
                    spread = values.std() if len(values) > 1 else 0
                    panel.errorbar(at, values.mean(), spread, ls="", marker=LOOKS[method].marker,
                                   color=LOOKS[method].colour, ms=6, lw=1, capsize=2)  # fmt: skip
            panel.axhline(1, color=INK, lw=0.8)
            panel.set(title=GROUP_NAMES[group], ylabel="response over DA's")
            panel.set_ylim(bottom=0)
            panel.grid(False, axis="x")
        axes[-1, 0].set_xticks(
            range(len(DIRECTION_NAMES)), list(DIRECTION_NAMES.values()), rotation=25, ha="right"
        )
        legend_below(figure, [_handle(method) for method in shown])
    return figure


def penalty_alone(runs: Runs) -> Figure:
    """LI and σ_max(J) over their start while a penalty acts alone; a column per group."""
    alone = runs.of(ALONE)
    penalties = list(dict.fromkeys(k.record.run.config["penalty"] for k in alone.known))
    with canvas(2, 2, height=5.2, sharex=True, sharey="row") as (figure, axes):
        for column, group in enumerate(GROUP_NAMES):
            for row, name in enumerate(("LI", "sigma_max")):
                panel = axes[row, column]
                for penalty in penalties:
                    own = alone.where(group=group, penalty=penalty)
                    wide = _wide(own, "step", lambda c, n=name: c[n] / c[n][0])
                    panel.plot(wide.index, wide.mean(axis=1), color=PENALTY_COLOURS[penalty],
                               ls="-" if penalty == "l2" else (0, (3, 1.5)))  # fmt: skip
            axes[0, column].set(title=GROUP_NAMES[group], yscale="log")
            axes[1, column].set(xlabel="step")
            axes[1, column].set_ylim(bottom=0)
        axes[0, 0].set(ylabel="LI over its start")
        axes[1, 0].set(ylabel="σ_max(J) over its start")
        legend_below(
            figure,
            [
                Line2D([], [], color=PENALTY_COLOURS[p], label=f"{PENALTY_NAMES[p]} alone",
                       ls="-" if p == "l2" else (0, (3, 1.5)))
                for p in penalties
            ],
            columns=3,
        )  # fmt: skip
    return figure


def _by_group(runs: Runs, axis: str, take: Callable, methods: Sequence[str], ylabel: str) -> Figure:
    with canvas(2, sharex=True) as (figure, axes):
        for panel, group in zip(axes[:, 0], GROUP_NAMES, strict=True):
            for method in methods:
                _line(panel, _runs_of(runs, group, method), axis, take, method)
            panel.set(title=GROUP_NAMES[group], ylabel=ylabel)
            panel.set_ylim(bottom=0)
        axes[-1, 0].set(xlabel=axis)
        legend_below(figure, [_handle(method) for method in methods])
    return figure


def _runs_of(runs: Runs, group: str, method: str) -> Runs:
    return runs.where(group=group, method=method)


def _line(axes: Axes, runs: Runs, axis: str, take: Callable, method: str) -> None:
    """Mean over seeds with a band of one standard deviation."""
    wide, look = _wide(runs, axis, take), LOOKS[method]
    mean, spread = wide.mean(axis=1), wide.std(axis=1).fillna(0.0)
    every = max(1, len(mean) // 6)
    axes.plot(mean.index, mean, color=look.colour, marker=look.marker, markevery=every, ms=5)
    axes.fill_between(mean.index, mean - spread, mean + spread, color=look.colour, alpha=0.18, lw=0)


def _wide(runs: Runs, axis: str, take: Callable) -> pd.DataFrame:
    """A curve with its axis as rows and seeds as columns."""
    columns = {
        known.record.run.seed: pd.Series(take(known.record.curves), known.record.curves[axis])
        for known in runs.known
    }
    return pd.DataFrame(columns).astype(np.float64)


def _handle(method: str) -> Line2D:
    look = LOOKS[method]
    return Line2D([], [], color=look.colour, marker=look.marker, label=look.name)


def _subscript(number: int) -> str:
    return "".join("₀₁₂₃₄₅₆₇₈₉"[int(digit)] for digit in str(number))
