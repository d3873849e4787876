"""The pictures of linear/kernels."""

import math

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from invlib.figures.canvas import canvas, legend_below
from invlib.figures.palette import graded
from invlib.figures.show import INK
from invlib.studies.study import Runs

PREDICTORS = {
    "plain": ("plain images only", "#009e73", "^"),
    "augmented": ("data augmentation", "#d55e00", "o"),
    "averaged": ("group-averaged network", "#0072b2", "s"),
}
WIDTH_CURVES = {
    "distance": ("augmented, to the kernel's predictor", "#d55e00", "o", "-"),
    "averaged_distance": ("averaged, to the kernel's predictor", "#0072b2", "s", "-"),
    "wobble": ("augmented, wobble over the turns", "#e69f00", "v", "--"),
}


def kernel_by_angle(runs: Runs) -> Figure:
    """Eq. 61 as a function of the angle, and tangent kernels of random networks on images."""
    record = runs.known[0].record  # one seed fills the picture
    found, angles = record.arrays["kernels"], record.arrays["angles"]
    widths = record.run.config["widths"]
    colours = graded(list(widths))
    exact = np.linspace(0, math.pi, 200)
    with canvas() as (figure, axes):
        ax = axes[0, 0]
        for kernel, width in zip(found, widths, strict=True):
            ax.plot(angles, kernel, ls="", marker=".", ms=5, color=colours[width], alpha=0.8)
        ax.plot(exact, _kernel(exact), color=INK, lw=1.5)
        ax.set(xlabel="angle θ between x and x'", ylabel="k(x, x') / ‖x‖‖x'‖", xlim=(-0.03, 1.6))
        handles = [
            Line2D([], [], color=colours[width], ls="", marker=".", ms=9, label=f"width {width}")
            for width in widths
        ]
        legend_below(figure, [Line2D([], [], color=INK, label="eq. 61"), *handles])
    return figure


def _kernel(angle: np.ndarray) -> np.ndarray:
    return (np.sin(angle) + 2 * (math.pi - angle) * np.cos(angle)) / (2 * math.pi)


def invariance_by_images(runs: Runs) -> Figure:
    """How much the three predictors change when an unseen image turns, by training images."""
    with canvas(2, sharex=True) as (figure, axes):
        for name, (_, colour, marker) in PREDICTORS.items():
            size = 10 if name == "augmented" else 5  # one is to be seen behind the other
            means = _means(runs, f"invariance_{name}", "images", np.log)
            axes[0, 0].plot(means.index, np.exp(means), color=colour, marker=marker, ms=size)
            means = _means(runs, f"accuracy_{name}", "images")
            axes[1, 0].plot(means.index, means, color=colour, marker=marker, ms=size)
        axes[0, 0].set(yscale="log", ylim=(1e-16, 10), ylabel="change over turns, relative")
        axes[1, 0].set(xlabel="training images n", ylabel="accuracy, unseen in all turns")
        legend_below(figure, _handles(PREDICTORS.values()))
    return figure


def widths(runs: Runs) -> Figure:
    """Distance to the kernel's predictor, and wobble, by width: a panel per training length."""
    labels = list(runs.frame()["label"].unique())
    with canvas(len(labels), sharex=True, sharey=True) as (figure, axes):
        for ax, label in zip(axes[:, 0], labels, strict=True):
            for name, (_, colour, marker, dash) in WIDTH_CURVES.items():
                frame = runs.curves(name, axis="width")
                frame = frame[frame["label"] == label]
                for _, line in frame.groupby("seed"):
                    ax.plot(line["width"], line[name], color=colour, lw=0.6, alpha=0.3)
                means = frame.groupby("width")[name].mean()
                ax.plot(means.index, means, color=colour, marker=marker, ms=6, ls=dash)
            ends = means.index.to_numpy(dtype=float)
            ax.plot(ends, 2 * means.iloc[-1] * (ends / ends[-1]) ** -0.5, color=INK, ls=":", lw=1)
            steps = label.rpartition("-")[2]
            ax.set(xscale="log", yscale="log", ylabel=f"after {steps} steps, relative")
        axes[-1, 0].set(xlabel="hidden units m")
        handles = [
            Line2D([], [], color=colour, marker=marker, ls=dash, label=name)
            for name, colour, marker, dash in WIDTH_CURVES.values()
        ]
        legend_below(figure, [*handles, Line2D([], [], color=INK, ls=":", label="∝ 1/√m")], 1)
    return figure


def _means(runs: Runs, name: str, axis: str, scale=lambda values: values) -> pd.Series:
    frame = runs.curves(name, axis=axis)
    return scale(frame.set_index(axis)[name].clip(lower=1e-17)).groupby(level=0).mean()


def _handles(looks) -> list[Line2D]:
    return [Line2D([], [], color=c, marker=m, label=name) for name, c, m in looks]
