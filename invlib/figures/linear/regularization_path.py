"""The pictures of linear/regularization_path: the path, its steps, its crossings, its slider."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import seaborn as sns
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from invlib.figures.canvas import canvas, legend_below
from invlib.figures.palette import LOOKS, graded
from invlib.figures.show import INK
from invlib.studies.linear.steps import relative_gap
from invlib.studies.study import Runs

LAMBDA = "strength λ (of training; 9λ in eq. 7)"
HARD_WIRED = LOOKS["constrained"].colour
PLAIN = "#d55e00"
TURNED = "#009e73"
DASHED = {"ls": (0, (4, 2)), "lw": 1.4}


def path_figure(runs: Runs) -> Figure:
    """Distance to Ŵ_inv, the two measures of non-invariance, accuracy and loss over strength."""
    ends = runs.frame()
    with canvas(rows=3, height=9.5, sharex=True) as (figure, axes):
        top, middle, bottom = axes[:, 0]
        _line(top, runs, "distance", INK, "o")
        _line(top, runs, "invariance_error", PLAIN, "v")
        _line(top, runs, "noninvariant_norm", TURNED, "D")
        top.set(yscale="log", ylabel="norm")
        _line(middle, runs, "accuracy", TURNED, "^")
        _line(middle, runs, "test_accuracy", INK, "P")
        middle.axhline(ends["inv_accuracy"].mean(), color=HARD_WIRED, **DASHED)
        middle.set(ylabel="accuracy, all turned images")
        _line(bottom, runs, "loss", PLAIN, "v")
        _line(bottom, runs, "augmented_loss", TURNED, "^")
        bottom.axhline(ends["inv_loss"].mean(), color=HARD_WIRED, **DASHED)
        bottom.set(ylabel="mean squared error", xscale="log", xlabel=LAMBDA)
        legend_below(
            figure,
            [
                _key(r"distance to $\hat W_{inv}$, over its norm", INK, "o"),
                _key("invariance error ‖WG‖", PLAIN, "v"),
                _key("‖W⊥‖", TURNED, "D"),
                _key("accuracy, training images", TURNED, "^"),
                _key("accuracy, test images", INK, "P"),
                _key("loss, images as they are", PLAIN, "v"),
                _key("loss, all turned images", TURNED, "^"),
                Line2D([], [], color=HARD_WIRED, label=r"hard-wired, $\hat W_{inv}$", **DASHED),
            ],
        )
    return figure


def singular_figure(runs: Runs, rank: int) -> Figure:
    """All singular values of Z_reg(λ) for the first seed, and every seed's gap behind the kept."""
    by_seed = {k.record.run.seed: k.record.arrays["singular_values"] for k in runs.known}
    first = by_seed[min(by_seed)]
    strengths = runs.curves("distance", axis="strength")["strength"].unique()
    with canvas(rows=2, sharex=True) as (figure, axes):
        top, bottom = axes[:, 0]
        for index, values in enumerate(first.T):
            kept = index < rank
            top.plot(strengths, values, color=HARD_WIRED if kept else INK, ls="-" if kept else "--")
        top.set(ylabel=r"$\sigma_i$ of $Z_{reg}(\lambda)$, one subset")
        shades = graded(sorted(by_seed))
        for seed, values in by_seed.items():
            gap = relative_gap(torch.from_numpy(values), rank)
            bottom.plot(strengths, gap, color=shades[seed], lw=1.4)
        bottom.set(
            xscale="log", yscale="log", xlabel=LAMBDA, ylabel=r"relative gap behind $\sigma_r$"
        )
        kept = Line2D([], [], color=HARD_WIRED, label=f"kept, the first {rank}")
        dropped = Line2D([], [], color=INK, ls="--", label="dropped")
        one = Line2D([], [], color=shades[min(shades)], lw=1.4, label="one line per seed")
        legend_below(figure, [kept, dropped, one], columns=3)
    return figure


def crossing_figure(runs: Runs) -> Figure:
    """Singular values near their crossing, and which sensor the map of rank one reads."""
    curves = runs.curves("first", axis="offset")
    for name in ("second", "share"):
        curves[name] = runs.curves(name, axis="offset")[name]
    near = curves["offset"].abs() <= 0.5
    first_seed = curves[near & (curves["seed"] == curves["seed"].min())]
    look = crosstalk_looks(list(first_seed["label"].unique()))
    with canvas(rows=2, sharex=True) as (figure, axes):
        top, bottom = axes[:, 0]
        for label, frame in first_seed.groupby("label", sort=False):
            colour, dash, _ = look[label]
            x = 10.0 ** frame["offset"]
            top.plot(x, frame["first"], color=colour, ls=dash)
            top.plot(x, frame["second"], color=colour, ls=dash)
            bottom.plot(x, frame["share"], color=colour, ls=dash)
        top.set(ylabel=r"$\sigma_1$ and $\sigma_2$ of $Z_{reg}(\lambda)$")
        bottom.set(xscale="log", xlabel="λ over the λ of the smallest gap")
        bottom.set(ylabel="share of ‖W‖² on sensor one")
        bottom.set_xticks([0.5, 1, 2], ["0.5", "1", "2"])
        bottom.minorticks_off()
        legend_below(figure, [_named(*look[label]) for label in look])
    return figure


def steps_figure(
    on_images: Runs, crossings: Runs, refinements: Mapping[str, Sequence[int]]
) -> Figure:
    """The largest step between neighbouring strengths as the grid gets finer."""
    look = crosstalk_looks(list(crossings.frame()["label"].unique()))
    with canvas() as (figure, axes):
        (plot,) = axes.flat
        _steps(plot, on_images.frame(), refinements["images"], TURNED, "-", "o")
        for label, frame in crossings.frame().groupby("label", sort=False):
            colour, dash, _ = look[label]
            _steps(plot, frame, refinements["crossings"], colour, dash, "s")
        finest = max(refinements["crossings"])
        plot.plot([1, finest], [0.3, 0.3 / finest], color=INK, lw=0.8, alpha=0.6)
        plot.set(xscale="log", yscale="log", xlabel="strengths on the grid, over the coarsest")
        plot.set(ylabel=r"largest step, over $\|\hat W_{inv}\|$")
        legend_below(
            figure,
            [
                _key("images", TURNED, "o"),
                *(_named(*look[label]) for label in look),
                Line2D([], [], color=INK, lw=0.8, alpha=0.6, label="in proportion (thin)"),
            ],
        )
    return figure


def _line(axes: Axes, runs: Runs, curve: str, colour: str, marker: str) -> None:
    """Mean over seeds and a band of one standard deviation, with a few markers."""
    frame = runs.curves(curve, axis="strength")
    sns.lineplot(
        frame,
        x="strength",
        y=curve,
        color=colour,
        errorbar=("sd", 1),
        err_kws={"alpha": 0.18, "linewidth": 0},
        ax=axes,
    )
    means = frame.groupby("strength")[curve].mean()
    points = means.iloc[max(1, len(means) // 14) :: max(1, len(means) // 7)]
    axes.plot(points.index, points, ls="", marker=marker, ms=6, color=colour)


def _steps(
    axes: Axes, frame: pd.DataFrame, refinements: Sequence[int], colour: str, dash, marker: str
) -> None:
    """One thin line per seed, and the median over seeds."""
    steps = frame[[f"step_{f}" for f in refinements]].to_numpy()
    axes.plot(refinements, steps.T, color=colour, lw=0.6, alpha=0.4)
    axes.plot(refinements, np.median(steps, axis=0), color=colour, ls=dash, marker=marker, ms=5)


def crosstalk_looks(labels: Sequence[str]) -> dict[str, tuple[str, str | tuple, str]]:
    """Colour, dash and name for each crosstalk, in the order given."""
    shades = graded(list(labels))
    dashes = ["-", (0, (5, 1.5)), (0, (3, 1.5)), (0, (1, 1.2))]
    return {
        label: (shades[label], dashes[i % 4], label.replace("-", "\u00a0", 1))
        for i, label in enumerate(labels)
    }


def _key(name: str, colour: str, marker: str) -> Line2D:
    return Line2D([], [], color=colour, marker=marker, label=name)


def _named(colour: str, dash: str | tuple, name: str) -> Line2D:
    return Line2D([], [], color=colour, ls=dash, label=name)
