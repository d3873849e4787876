"""The pictures of Proposition 3.1: a linear map under its penalty, alone and beside a task."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from invlib.figures.canvas import canvas, legend_below
from invlib.figures.genuine.looks import GROUP_NAMES
from invlib.figures.palette import graded
from invlib.figures.show import INK
from invlib.studies.genuine import linear_decay, linear_task
from invlib.studies.study import Runs

RULES = {
    "safe": ("largest step that can raise nothing", "#0072b2", "-"),
    "beyond": ("1.25 times the largest step allowed on average", "#d55e00", (0, (3, 1.5))),
    "adam": ("Adam, learning rate 0.0008", "#009e73", (0, (5, 1, 1, 1))),
}


def exact_flow(runs: Runs) -> Figure:
    """All singular values of W(t), the mean over seeds, darkest first; a panel per group."""
    own = runs.of(linear_decay.EXPERIMENT)
    names = [n for n in own.known[0].record.curves if n.startswith("flow_sigma_")]
    colours = graded(names)
    with canvas(2, sharex=True, sharey=True) as (figure, axes):
        for panel, group in zip(axes[:, 0], GROUP_NAMES, strict=True):
            for name in names:
                time, values = _mean(own.where(group=group), "time", name)
                panel.plot(time[1:], values[1:], color=colours[name], lw=1.6)
            panel.set(title=GROUP_NAMES[group], ylabel="σᵢ(W(t))", xscale="log")
            panel.set_ylim(bottom=0)
        axes[-1, 0].set(xlabel="t · tr Σ")
    return figure


def random_steps(runs: Runs) -> Figure:
    """σ_max over its start under random x and g: one line per seed and rule."""
    own = runs.of(linear_decay.EXPERIMENT)
    with canvas(2, sharex=True) as (figure, axes):
        for panel, group in zip(axes[:, 0], GROUP_NAMES, strict=True):
            for known in own.where(group=group).known:
                curves = known.record.curves
                for name, (_, colour, dash) in RULES.items():
                    panel.plot(curves["step"], curves[f"{name}_sigma"], color=colour, ls=dash,
                               lw=1.2)  # fmt: skip
            panel.axhline(1, color=INK, lw=0.8)
            low, high = panel.get_ylim()
            wide = high > 5 * max(low, 1e-300)
            panel.set(title=GROUP_NAMES[group], ylabel="σ_max over its start")
            panel.set_yscale("log" if wide else "linear")
        axes[-1, 0].set(xlabel="step")
        handles = [Line2D([], [], color=c, ls=d, label=w) for w, c, d in RULES.values()]
        legend_below(figure, handles, columns=1)
    return figure


def beside_a_task(runs: Runs) -> Figure:
    """σ_max(W(t)) for several strengths: a row per kind of data, a column per group."""
    own = runs.of(linear_task.EXPERIMENT)
    colours = graded(list(linear_task.STRENGTHS))
    with canvas(2, 2, height=5.4, sharex=True, sharey=True) as (figure, axes):
        for column, group in enumerate(GROUP_NAMES):
            for row, kind in enumerate(linear_task.DATA):
                panel = axes[row, column]
                for strength, colour in colours.items():
                    time, values = _mean(own.where(group=group), "time", f"{kind}_{strength:g}")
                    panel.plot(time[1:], values[1:], color=colour)
                panel.set(xscale="log", title=f"{kind}, {GROUP_NAMES[group]}")
            axes[-1, column].set(xlabel="t · λ_max(Σₓ)")
        for panel in axes[:, 0]:
            panel.set(ylabel="σ_max(W(t))")
        handles = [Line2D([], [], color=c, label=f"ν = {s:g}") for s, c in colours.items()]
        legend_below(figure, handles, columns=4)
    return figure


def _mean(runs: Runs, axis: str, name: str) -> tuple[np.ndarray, np.ndarray]:
    """A curve's axis, and its mean over seeds."""
    curves = [known.record.curves for known in runs.known]
    return curves[0][axis], np.mean([one[name] for one in curves], axis=0)
