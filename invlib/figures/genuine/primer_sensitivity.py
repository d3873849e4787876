"""The pictures of genuine/primer on the Jacobian: the image of a ball, and what shrinking does."""

import numpy as np
import seaborn as sns
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from invlib.figures.canvas import canvas, legend_below
from invlib.figures.genuine.primer import first
from invlib.figures.show import INK
from invlib.studies.genuine.primer_sensitivity import RADII
from invlib.studies.study import Runs

SHADES = ("#0072b2", "#e69f00", "#d55e00")
STYLES = ("-", "--", ":")


def ball_picture(runs: Runs) -> Figure:
    """A circle of images around one, and the logits that they get, all over their radius."""
    moved, singular = first(runs, "ball"), first(runs, "singular")
    angle = np.linspace(0, 2 * np.pi, moved.shape[1])
    with canvas(2, 1, height=6.4, height_ratios=(1, 1.5)) as (figure, grid):
        before, after = grid[:, 0]
        before.plot(np.cos(angle), np.sin(angle), color=INK, lw=1.5)
        before.set(xlabel="along v₁ / r", ylabel="along v₂ / r", title="images x + r v")
        for line, shade, style in zip(moved, SHADES, STYLES, strict=True):
            after.plot(*line.T, color=shade, ls=style)
        after.annotate(
            "",
            xy=(singular[0], 0),
            xytext=(0, 0),
            arrowprops={"arrowstyle": "->", "color": INK, "lw": 1.5},
        )
        after.annotate("σ_max", (0.35 * singular[0], 0), xytext=(0, 6), textcoords="offset points")
        after.set(xlabel="along u₁ / r", ylabel="along u₂ / r", title="(f(x + r v) − f(x)) / r")
        for axes in (before, after):
            axes.set_aspect("equal")
        handles = [
            Line2D([], [], color=shade, ls=style, label=f"r = {radius:g} ‖x‖")
            for radius, shade, style in zip(RADII, SHADES, STYLES, strict=True)
        ]
        legend_below(figure, handles, columns=3)
    return figure


FALL = {
    "LI_R4": ("LI, quarter turns", "#0072b2", "o"),
    "LI_T3": ("LI, shifts (never shown)", "#d55e00", "s"),
    "noise_error": ("the same for noise", "#cc79a7", "D"),
    "sigma_max": ("σ_max(J)", INK, "^"),
}
STAY = {
    "scaled_accuracy": ("accuracy", "#009e73", "o"),
    "SI_R4": ("SI", "#0072b2", "s"),
    "loss": ("cross-entropy", "#d55e00", "^"),
}


def shrinking_picture(runs: Runs) -> Figure:
    """All measures of s f over s: what falls with the factor, and what does not notice it."""
    with canvas(2, 1, height=7.0, sharex=True) as (figure, grid):
        for axes, lines in zip(grid[:, 0], (FALL, STAY), strict=True):
            axes.set_xscale("log")
            if lines is FALL:
                axes.set_yscale("log")
            for curve, (name, colour, marker) in lines.items():
                sns.lineplot(
                    runs.curves(curve, axis="factor"),
                    x="factor",
                    y=curve,
                    color=colour,
                    marker=marker,
                    markeredgewidth=0,
                    errorbar=("sd", 1),
                    err_kws={"alpha": 0.18, "linewidth": 0},
                    label=name,
                    ax=axes,
                )
            axes.legend(fontsize="x-small")
            axes.set(ylabel="falls with s" if lines is FALL else "what is left")
        grid[1, 0].set(xlabel="factor s of all logits", ylim=(0, None))
        for axes in grid[:, 0]:
            axes.axvline(1, color=INK, lw=0.6, alpha=0.5)
    return figure
