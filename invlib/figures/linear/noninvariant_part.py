"""The pictures of linear/noninvariant_part: what drives ‖W_⊥‖, account by account."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from invlib.figures.canvas import canvas, legend_below
from invlib.figures.palette import graded, looks
from invlib.figures.show import INK
from invlib.studies.study import Runs

SECOND, FIRST = "#a8559c", "#7f9a2e"  # the two layers, on light and dark pages alike
ACCOUNTS = {
    "second_by_target": ("W₂, by the target error", SECOND, "-"),
    "second_by_invariance": ("W₂, by the invariance error", SECOND, (0, (3, 1.5))),
    "first_by_target": ("W₁, by the target error", FIRST, "-"),
    "first_by_invariance": ("W₁, by the invariance error", FIRST, (0, (3, 1.5))),
}


def run_by_run(panels: Mapping[str, Runs]) -> Figure:
    """‖W_⊥‖ of every seed, one line each; one panel per way of training, with one scale."""
    with canvas(rows=len(panels), sharex=True, sharey=True) as (figure, axes):
        for ax, (title, runs) in zip(axes[:, 0], panels.items(), strict=True):
            wide = _wide(runs, "noninvariant_norm")
            colours = graded(list(wide.columns))
            for seed, line in wide.items():
                ax.plot(wide.index, line, lw=1.2, color=colours[seed])
            ax.set(title=title, ylabel="‖W⊥‖", xlim=(0, wide.index[-1]))
            ax.set_ylim(bottom=0)
        axes[-1, 0].set(xlabel="epoch")
    return figure


def accounts(panels: Mapping[str, Runs]) -> Figure:
    """What each layer and each error have added to ‖W_⊥‖² so far; mean over seeds."""
    with canvas(rows=len(panels)) as (figure, axes):
        for ax, (title, runs) in zip(axes[:, 0], panels.items(), strict=True):
            for name, (_, colour, dash) in ACCOUNTS.items():
                mean = _wide(runs, name).mean(axis=1)
                ax.plot(mean.index, mean, color=colour, ls=dash)
            square = _wide(runs, "noninvariant_norm") ** 2
            change = (square - square.iloc[0]).mean(axis=1)
            ax.plot(change.index, change, color=INK, lw=3, alpha=0.5)
            ax.set(title=title, ylabel="change of ‖W⊥‖²", xlim=(0, change.index[-1]))
        axes[-1, 0].set(xlabel="step")
        legend_below(
            figure,
            [Line2D([], [], color=c, ls=d, label=name) for name, c, d in ACCOUNTS.values()]
            + [Line2D([], [], color=INK, lw=3, alpha=0.5, label="all together")],
        )
    return figure


def sweeps(panels: Mapping[str, Mapping[str, Runs]], *, forecast: bool = False) -> Figure:
    """‖W_⊥‖ over its start, mean over seeds: a panel per swept option, a line per value.

    With `forecast` the dashed lines are what follows if W₂ feels the target error alone.
    """
    with canvas(rows=len(panels)) as (figure, axes):
        for ax, (title, lines) in zip(axes[:, 0], panels.items(), strict=True):
            colours = graded(list(lines))
            for (name, runs), marker in zip(lines.items(), "os^Dv", strict=False):
                _relative(ax, runs, "noninvariant_norm", colours[name], "-", marker, name)
                if forecast and "one_way_norm" in runs.known[0].record.curves:
                    _relative(ax, runs, "one_way_norm", colours[name], (0, (3, 1.5)))
            ax.axhline(1, color=INK, lw=0.8, alpha=0.5)
            ax.set(title=title, ylabel="‖W⊥‖ over its start", xlabel="step")
            ax.set_ylim(bottom=0)
            ax.legend(fontsize="small", loc="best")
        if forecast:
            handles = [
                Line2D([], [], color=INK, ls="-", label="measured"),
                Line2D([], [], color=INK, ls=(0, (3, 1.5)), label="forecast"),
            ]
            legend_below(figure, handles)
    return figure


def cross_terms(runs: Runs) -> Figure:
    """The cross term of the penalized loss over its quadratic term; it should come to −2."""
    with canvas() as (figure, axes):
        ax = axes[0, 0]
        labels = list(dict.fromkeys(known.record.run.label for known in runs.known))
        look = looks([label.removeprefix("split-") for label in labels])
        for label in labels:
            own = Runs([k for k in runs.known if k.record.run.label == label], runs.parameters)
            ratio = (_wide(own, "cross_term") / _wide(own, "own_term")).mean(axis=1)
            one = look[label.removeprefix("split-")]
            every = max(1, len(ratio) // 6)
            ax.plot(ratio.index, ratio, color=one.colour, label=one.name, marker=one.marker,
                    markevery=every, ms=6)  # fmt: skip
        ax.axhline(-2, color=INK, lw=0.8, label="critical point: −2")
        ax.set(xlabel="epoch", ylabel="cross term / quadratic term", xlim=(0, ratio.index[-1]))
        legend_below(figure, ax.get_legend_handles_labels()[0])
    return figure


def chosen(runs: Runs, configs: Sequence, option: str, words: str) -> dict[str, Runs]:
    """The runs of some configurations, each named by its value of one option, as in β = {:g}."""
    return {
        words.format(getattr(config, option)): runs.where(**config.plain()) for config in configs
    }


def of_seed(runs: Runs, seed: int) -> Runs:
    """The runs with one seed."""
    return Runs([known for known in runs.known if known.record.run.seed == seed], runs.parameters)


def _relative(
    ax: Axes, runs: Runs, curve: str, colour: str, dash: object, marker: str = "", label: str = ""
) -> None:
    wide = _wide(runs, curve)
    mean = (wide / wide.iloc[0]).mean(axis=1)
    ax.plot(mean.index, mean, color=colour, ls=dash, marker=marker or None, label=label or None,
            markevery=max(1, len(mean) // 6), ms=5)  # fmt: skip
    ax.set_xlim(0, mean.index[-1])


def _wide(runs: Runs, curve: str) -> pd.DataFrame:
    """A curve with epochs as rows and seeds as columns, in float64."""
    frame = runs.curves(curve)
    return frame.pivot(index="epoch", columns="seed", values=curve).astype(np.float64)
