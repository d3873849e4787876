"""The pictures of genuine/primer on saliency: the three steps, saturation, baseline, threshold."""

import seaborn as sns
from matplotlib.figure import Figure

from invlib.figures.canvas import canvas, legend_below
from invlib.figures.genuine.primer import first, picture
from invlib.figures.show import INK
from invlib.saliency.maps import KEPT
from invlib.studies.study import Runs

BLUE, RED, GREY = "#0072b2", "#d55e00", "#8c8c8c"


def steps_picture(runs: Runs) -> Figure:
    """From integrated gradients to the paper's map, for an image and its turn, turned back."""
    rows = first(runs, "steps_shown")
    names = ("image", "IG", "|IG|", "≥ 0.9 max", "m_f")
    with canvas(2, len(names), height=2.9) as (figure, grid):
        for axes, name in zip(grid[0], names, strict=True):
            axes.set_title(name, loc="center", fontsize="small")
        for line, row, pose in zip(grid, rows, ("x", "gx, turned back"), strict=True):
            for k, (axes, one) in enumerate(zip(line, row, strict=True)):
                picture(axes, one, largest=None if k else 1)
            line[0].set_ylabel(pose, fontsize="small")
    return figure


def saturation_picture(runs: Runs) -> Figure:
    """The probability of the true class on the way from black to the image, and its slope."""
    t, probability, slope = first(runs, "way")
    with canvas(2, 1, height=5.2, sharex=True) as (figure, grid):
        top, bottom = grid[:, 0]
        top.plot(t, probability, color=BLUE)
        top.set(ylabel="probability", ylim=(-0.05, 1.05))
        bottom.plot(t, slope, color=RED)
        bottom.fill_between(t, slope, color=RED, alpha=0.15, lw=0)
        bottom.plot(t[-1], slope[-1], marker="o", color=INK, clip_on=False)
        bottom.annotate(
            "the gradient at x",
            (t[-1], slope[-1]),
            xytext=(-8, 22),
            textcoords="offset points",
            ha="right",
            arrowprops={"arrowstyle": "-", "color": INK, "lw": 0.7},
        )
        bottom.set(xlabel="t, from black (0) to the image (1)", ylabel="slope", xlim=(0, 1))
    return figure


def completeness_picture(runs: Runs) -> Figure:
    """How far the attributions are from adding up, over the number of steps."""
    with canvas(height=2.9) as (figure, grid):
        axes = grid[0, 0]
        axes.set(xscale="log", yscale="log")
        _line(axes, runs, "completeness_gap", "steps", BLUE, "o")
        axes.set(xlabel="steps of the integral", ylabel="relative gap")
    return figure


def baseline_picture(runs: Runs) -> Figure:
    """|IG| of the surest image for a black and for a white baseline."""
    black, white, _ = first(runs, "baseline_maps")
    image = first(runs, "surest")
    with canvas(1, 3, height=2.3) as (figure, grid):
        for axes, one, name in zip(
            grid[0], (image, black, white), ("x", "from black", "from white"), strict=True
        ):
            picture(axes, one, largest=1 if name == "x" else None)
            axes.set_title(name, loc="center", fontsize="small")
    return figure


def threshold_picture(runs: Runs) -> Figure:
    """SI, and the pixels that are kept, over the threshold."""
    with canvas(2, 1, height=6.0, sharex=True) as (figure, grid):
        top, bottom = grid[:, 0]
        _line(top, runs, "threshold_SI", "share", RED, "o", "f, learned")
        _line(top, runs, "threshold_SI_invariant", "share", BLUE, "s", "h, exactly invariant")
        _line(top, runs, "threshold_SI_untrained", "share", GREY, "^", "random weights")
        _line(bottom, runs, "kept_pixels", "share", RED, "o")
        bottom.set_yscale("log")
        top.set(ylabel="SI", ylim=(0, 1.05))
        bottom.set(xlabel="threshold, share of the maximum", ylabel="pixels kept, mean")
        for axes in (top, bottom):
            axes.axvline(KEPT, color=INK, lw=0.8, ls="--")
        top.annotate(
            "the paper's", (KEPT, 0.06), xytext=(-4, 0), textcoords="offset points", ha="right"
        )
        legend_below(figure, top.get_lines()[:3], columns=3)
    return figure


def _line(axes, runs: Runs, curve: str, axis: str, colour: str, marker: str, name=None) -> None:
    """Mean over seeds with a band of one standard deviation."""
    sns.lineplot(
        runs.curves(curve, axis=axis),
        x=axis,
        y=curve,
        color=colour,
        marker=marker,
        markeredgewidth=0,
        errorbar=("sd", 1),
        err_kws={"alpha": 0.18, "linewidth": 0},
        label=name,
        legend=False,
        ax=axes,
    )
