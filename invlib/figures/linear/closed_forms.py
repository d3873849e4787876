"""Pictures of linear/closed_forms: the path in λ, digits lost, the values of Fig. 5."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from invlib.figures.canvas import canvas, legend_below
from invlib.figures.palette import LOOKS, Look, graded
from invlib.figures.show import INK
from invlib.studies.linear.targets import FACTORS, PAPER, STRENGTH
from invlib.studies.study import Runs

MARKERS = "osD^vP"


def path_to_the_limit(runs: Runs) -> Figure:
    """‖W_reg(λ) − W_inv‖ / ‖W_inv‖ over λ, one line per size of the images; a slope of −1."""
    frame = runs.curves("distance", axis="exponent")
    sides = list(dict.fromkeys(runs.frame()["side"]))
    shades = graded(sides)
    with canvas() as (figure, axes):
        for side, marker in zip(sides, MARKERS, strict=False):
            own = frame[frame["label"] == f"side={side}"]
            _band(axes[0, 0], own, "distance", shades[side], marker)
        strengths = 10.0 ** np.arange(0, 11)
        axes[0, 0].plot(strengths, 3 / strengths, color=INK, lw=1, ls=":")
        axes[0, 0].set(xscale="log", yscale="log", xlabel="strength λ in problem (7)")
        axes[0, 0].set(
            ylabel=r"$\|W_\mathrm{reg}(\lambda)-W_\mathrm{inv}\|\,/\,\|W_\mathrm{inv}\|$"
        )
        handles = [
            Line2D([], [], color=shades[side], marker=marker, label=f"{side}×{side} pixels")
            for side, marker in zip(sides, MARKERS, strict=False)
        ]
        handles.append(Line2D([], [], color=INK, lw=1, ls=":", label="slope −1"))
        legend_below(figure, handles)
    return figure


def digits_lost(runs: Runs) -> Figure:
    """Relative error over λ: Proposition 8 as printed, and the library; one line per spread."""
    decades = list(dict.fromkeys(runs.frame()["decades"]))
    shades = graded(decades)
    titles = {"written": "Proposition 8 as printed", "library": "this library"}
    with canvas(2, sharex=True, sharey=True) as (figure, axes):
        for panel, (curve, title) in zip(axes[:, 0], titles.items(), strict=True):
            frame = runs.curves(curve, axis="exponent")
            for spread, marker in zip(decades, MARKERS, strict=False):
                own = frame[frame["label"] == f"decades={spread}"]
                _band(panel, own, curve, shades[spread], marker)
            panel.axhline(1, color=INK, lw=1, ls=":")
            panel.set(title=title, xscale="log", yscale="log", ylabel="relative error of W")
        axes[-1, 0].set(xlabel="strength λ")
        handles = [
            Line2D([], [], color=shades[d], marker=m, label=f"inputs over {d} decades")
            for d, m in zip(decades, MARKERS, strict=False)
        ]
        handles.append(Line2D([], [], color=INK, lw=1, ls=":", label="no digit is right"))
        legend_below(figure, handles)
    return figure


def _band(axes: Axes, frame, curve: str, colour, marker: str) -> None:
    """The geometric mean over seeds, and the range from the lowest to the highest."""
    grouped = np.log10(frame.set_index("exponent")[curve]).groupby("exponent")
    x = 10.0 ** grouped.mean().index.to_numpy()
    axes.plot(x, 10 ** grouped.mean(), color=colour, marker=marker, ms=4, lw=1.5)
    axes.fill_between(x, 10 ** grouped.min(), 10 ** grouped.max(), color=colour, alpha=0.18, lw=0)


def target_values(runs: Runs, *, paper: bool) -> Figure:
    """Fig. 5: the singular values of the three targets, mean and standard deviation."""
    constrained, augmented = LOOKS["constrained"], LOOKS["augmented"]
    regularized = LOOKS[f"regularized-{STRENGTH:g}"]
    inv = np.stack([found[0] for found in _arrays(runs, "inv")])
    half = np.stack(_arrays(runs, "half_da"))
    reg = np.stack([found[list(FACTORS).index(1)] for found in _arrays(runs, "reg")])
    with canvas(2, sharex=True) as (figure, axes):
        _points(axes[0, 0], inv, constrained, -0.08)
        _points(axes[0, 0], half, augmented, 0.08)
        _points(axes[1, 0], reg, regularized, 0)
        if paper:
            index = np.arange(1, 1 + len(PAPER["inv"]))
            thin = {"lw": 1, "alpha": 0.8}
            axes[0, 0].plot(index, PAPER["inv"], color=constrained.colour, **thin)
            axes[0, 0].plot(index, PAPER["da"] / 2, color=augmented.colour, ls="--", **thin)
            axes[1, 0].plot(index, PAPER["reg"], color=regularized.colour, **thin)
        axes[0, 0].set(title="hard-wiring and augmentation", ylabel="singular value")
        axes[1, 0].set(title=f"regularization, λ = {STRENGTH:g}", ylabel="singular value")
        axes[1, 0].set(xlabel="index")
        handles = [
            _handle(constrained, r"$Z_\mathrm{inv}$, ours"),
            _handle(augmented, r"$Z_\mathrm{da}/2$, ours"),
            _handle(regularized, r"$Z_\mathrm{reg}$, ours"),
        ]
        if paper:
            handles.append(Line2D([], [], color=INK, lw=1, label="the paper's (lines)"))
        legend_below(figure, handles)
    return figure


def _arrays(runs: Runs, name: str) -> list[np.ndarray]:
    return [known.record.arrays[name] for known in runs.known]


def _points(axes: Axes, values: np.ndarray, look: Look, shift: float) -> None:
    index = np.arange(1, 1 + values.shape[1]) + shift
    spread = values.std(0, ddof=1) if len(values) > 1 else np.zeros(values.shape[1])
    axes.errorbar(
        index, values.mean(0), spread, color=look.colour, marker=look.marker, ls="", ms=5, lw=1.2
    )


def _handle(look: Look, label: str) -> Line2D:
    return Line2D([], [], color=look.colour, marker=look.marker, ls="", label=label)
