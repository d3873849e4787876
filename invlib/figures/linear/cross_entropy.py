"""Pictures of linear/cross_entropy: critical points one by one, and the penalty's rate."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from invlib.figures.canvas import canvas, legend_below
from invlib.figures.palette import LOOKS, Look, graded, looks
from invlib.figures.show import INK
from invlib.studies.study import Runs

ROUNDING = 1e-17  # what is smaller, exact zeros too, is drawn here
POINT = ("descending", "rank", "noninvariance", "map_noninvariance")
PART = Look("augmentation, two of the four turns", INK, "*", "-")


def search_looks(labels: list[str]) -> dict[str, Look]:
    """The looks of the ways; augmentation with a part of the group has its own."""
    return {label: PART if "turns=" in label else look for label, look in looks(labels).items()}


def points_frame(runs: Runs) -> pd.DataFrame:
    """One row per critical point that was found."""
    frames = [
        pd.DataFrame(
            {
                "label": known.record.run.label,
                "hidden": known.record.run.config["hidden"],
                **{name: known.record.arrays[name] for name in POINT},
            }
        )
        for known in runs.known
    ]
    return pd.concat(frames, ignore_index=True)


def softmax_noninvariance(runs: Runs) -> Figure:
    """Every point by its descending directions and how far its predictions are from invariant."""
    frame = points_frame(runs)
    look = search_looks(list(frame["label"].unique()))
    with canvas(height=4.8) as (figure, axes):
        panel = axes[0, 0]
        _scatter(panel, frame, "noninvariance", look)
        panel.set(ylabel="non-invariant part of the predicting W")
        handles = [_marker(one) for one in dict.fromkeys(look.values())]
        legend_below(figure, handles)
    return figure


def map_noninvariance(runs: Runs) -> Figure:
    """Augmentation: W as it is, by whether it has as many independent rows as hidden units."""
    frame = points_frame(runs)
    full = frame["rank"] == frame["hidden"]
    kinds = {
        "rank of predicting W = hidden units": (frame[full], LOOKS["augmented"].colour, "o"),
        "rank below": (frame[~full], INK, "s"),
    }
    with canvas(height=4.8) as (figure, axes):
        panel = axes[0, 0]
        for name, (points, colour, marker) in kinds.items():
            _dots(panel, points, "map_noninvariance", Look(name, colour, marker, "-"), 0.0)
        _finish(panel)
        panel.set(ylabel="non-invariant part of W itself")
        handles = [_marker(Look(name, c, m, "-")) for name, (_, c, m) in kinds.items()]
        legend_below(figure, handles, columns=1)
    return figure


def penalty_rate(runs: Runs) -> Figure:
    """‖W_⊥‖ at critical points of the penalized problem against λ, and its bound."""
    frame = runs.frame()
    shades = graded(["lowest", "largest"])
    kinds = {
        "bound": ("bound for every critical point", INK, ""),
        "largest_noninvariant_norm": ("largest found", shades["largest"], "v"),
        "lowest_noninvariant_norm": ("at the lowest loss found", shades["lowest"], "o"),
    }
    with canvas() as (figure, axes):
        panel, handles = axes[0, 0], []
        for metric, (name, colour, marker) in kinds.items():
            logs = np.log10(frame[metric]).groupby(frame["strength"])
            middle, spread = 10 ** logs.mean(), logs.std(ddof=1).fillna(0)
            panel.fill_between(
                middle.index,
                middle * 10**-spread,
                middle * 10**spread,
                color=colour,
                alpha=0.18,
                lw=0,
            )
            panel.plot(middle.index, middle, color=colour, marker=marker)
            handles.append(Line2D([], [], color=colour, marker=marker, label=name))
        panel.set(xscale="log", yscale="log", xlabel="penalty weight λ", ylabel="‖W⊥‖")
        legend_below(figure, handles, columns=1)
    return figure


def _scatter(axes: Axes, frame: pd.DataFrame, value: str, look: Mapping[str, Look]) -> None:
    labels = list(look)
    for i, label in enumerate(labels):
        shift = 0.6 * ((i + 0.5) / len(labels) - 0.5)  # side by side within one whole number
        _dots(axes, frame[frame["label"] == label], value, look[label], shift)
    _finish(axes)


def _dots(axes: Axes, points: pd.DataFrame, value: str, look: Look, shift: float) -> None:
    axes.plot(
        points["descending"] + shift,
        points[value].clip(lower=ROUNDING),
        ls="",
        marker=look.marker,
        ms=5,
        alpha=0.6,
        color=look.colour,
    )


def _finish(axes: Axes) -> None:
    axes.set(yscale="log", ylim=(ROUNDING / 3, 3), xlabel="descending directions (0: a minimum)")
    axes.xaxis.get_major_locator().set_params(integer=True)


def _marker(look: Look) -> Line2D:
    return Line2D([], [], ls="", color=look.colour, marker=look.marker, label=look.name)
