"""Poses of images in hidden layers: pictures by t-SNE, distances, and probes (genuine, Fig. 2)."""

import numpy as np
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from invlib.figures.canvas import canvas, legend_below
from invlib.figures.genuine.looks import GROUP_NAMES, LOOKS
from invlib.figures.show import INK
from invlib.studies.genuine.sample import CLASSES, GROUPS
from invlib.studies.study import Runs

METHODS = ("DA", "IR", "WT")
POSE_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")
POSE_MARKERS = ("o", "^", "s", "D")
POSE_NAMES = {"R4": ("0°", "90°", "180°", "270°"), "T3": ("not shifted", "by 1/3", "by 2/3")}


def plane_figure(planes: Runs, group: str) -> Figure:
    """One row per method: coloured by class on the left, by pose on the right, one orbit joined."""
    own = {
        known.record.run.config["method"]: known.record
        for known in planes.known
        if known.record.run.config["group"] == group
    }
    with canvas(len(METHODS), 2, height=9.2) as (figure, axes):
        for (left, right), method in zip(axes, METHODS, strict=True):
            plane = own[method].arrays["plane"].astype(float)
            labels = own[method].arrays["labels"]
            _by_class(left, plane, labels)
            _by_pose(right, plane)
            for ax, words in ((left, "class"), (right, "pose")):
                loop = np.concatenate([plane[0], plane[0, :1]])
                ax.plot(*loop.T, color=INK, lw=1.4)
                ax.plot(*plane[0].T, "o", mfc="none", mec=INK, ms=9, mew=1.2)
                ax.set(xticks=[], yticks=[])
                ax.grid(False)
                ax.set_title(f"{method}, by {words}", fontsize="medium")
        handles = [
            Line2D([], [], color=colour, marker=marker, ls="", label=name)
            for colour, marker, name in zip(
                POSE_COLOURS, POSE_MARKERS, POSE_NAMES[group], strict=False
            )
        ]
        handles.append(
            Line2D([], [], color=INK, marker="o", mfc="none", ms=9, label="one image in all poses")
        )
        legend_below(figure, handles, columns=3)
    return figure


def _by_class(axes: Axes, plane: np.ndarray, labels: np.ndarray) -> None:
    """Each point is its class, written as a digit, so that colour is not needed."""
    for label, colour in enumerate(sns.color_palette("husl", CLASSES, desat=0.9).as_hex()):
        axes.plot(
            *plane[labels == label].reshape(-1, 2).T,
            ls="",
            marker=f"${label}$",
            ms=5,
            mew=0.2,
            color=colour,
            rasterized=True,
        )


def _by_pose(axes: Axes, plane: np.ndarray) -> None:
    for pose in range(plane.shape[1]):
        axes.plot(
            *plane[:, pose].T,
            ls="",
            marker=POSE_MARKERS[pose],
            ms=3,
            alpha=0.8,
            mew=0,
            color=POSE_COLOURS[pose],
            rasterized=True,
        )


def layers_figure(numbers: Runs) -> Figure:
    """Along the layers: what probes read, and how wide orbits are; a column for each group."""
    panels = {
        "class_probe": "class named",
        "pose_probe": "pose named",
        "orbit_over_class": "orbit / class",
    }
    with canvas(3, 2, height=7.4, sharex=True, sharey="row") as (figure, axes):
        for column, group in enumerate(GROUPS):
            chance = 1 / {"R4": 4, "T3": 3}[group]
            for row, (name, words) in enumerate(panels.items()):
                ax = axes[row, column]
                curves = numbers.where(group=group).curves(name, axis="layer")
                for method in METHODS:
                    own = curves[curves["label"].str.split("-").str[2] == method]
                    by_layer = own.groupby("layer")[name]
                    mean, spread = by_layer.mean(), by_layer.std(ddof=1).fillna(0)
                    look = LOOKS[method]
                    ax.errorbar(
                        mean.index,
                        mean,
                        yerr=spread,
                        color=look.colour,
                        ls=look.dash,
                        marker=look.marker,
                        ms=5,
                        label=look.name,
                    )
                if name == "pose_probe":
                    ax.axhline(chance, color=INK, lw=0.8, ls=":")
                ax.set(xticks=sorted(curves["layer"].unique()))
                if column == 0:
                    ax.set(ylabel=words)
                if row == 0:
                    ax.set_title(GROUP_NAMES[group], fontsize="medium")
                if row == 2:
                    ax.set(xlabel="hidden layer (0: image)")
        axes[2, 0].set_ylim(bottom=0)  # once all is drawn: it ends the scaling by itself
        handles = [
            Line2D(
                [],
                [],
                color=LOOKS[m].colour,
                ls=LOOKS[m].dash,
                marker=LOOKS[m].marker,
                label=LOOKS[m].name,
            )
            for m in METHODS
        ]
        handles.append(Line2D([], [], color=INK, lw=0.8, ls=":", label="chance"))
        legend_below(figure, handles)
    return figure
