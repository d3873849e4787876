"""The pictures of linear/beyond_unitary."""

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from invlib.figures.canvas import canvas, legend_below
from invlib.figures.show import INK
from invlib.studies.study import Runs

ORTHOGONAL, OBLIQUE = "#0072b2", "#d55e00"  # blue and vermillion, told apart by markers as well
GROUPS = {
    "turns": ("quarter turns", ORTHOGONAL, "s"),
    "dihedral": ("turns and mirrors", ORTHOGONAL, "D"),
    "torus-shear": ("shears of a torus", ORTHOGONAL, "^"),
    "lattice-3": ("lattice, order 3", OBLIQUE, "o"),
    "lattice-4": ("lattice, order 4", OBLIQUE, "v"),
    "lattice-6": ("lattice, order 6", OBLIQUE, "P"),
}


def whole_orbits(runs: Runs) -> Figure:
    """The gap between the two optima against the condition number of the coordinates."""
    means = _log_means(runs.curves("difference", axis="decade"), "decade", "difference")
    with canvas() as (figure, axes):
        ax = axes[0, 0]
        for label, line in means.groupby("label", sort=False):
            _, colour, marker = GROUPS[label]
            ax.plot(10.0 ** line["decade"], line["difference"], color=colour, marker=marker, ms=6)
        ends = np.array([1.0, 10.0 ** means["decade"].max()])
        ax.plot(ends, np.finfo(float).eps * ends, color=INK, ls=":", lw=1)
        ax.set(
            xscale="log",
            yscale="log",
            xlabel="condition number of T",
            ylabel="‖Ŵ_da − Ŵ_inv‖ / ‖Ŵ_inv‖",
            ylim=(1e-17, 1),
        )
        handles = [
            Line2D([], [], color=colour, marker=marker, label=name)
            for name, colour, marker in GROUPS.values()
        ]
        handles.append(Line2D([], [], color=INK, ls=":", label="rounding unit × condition"))
        legend_below(figure, handles)
    return figure


def shear_powers(runs: Runs) -> Figure:
    """How the optimum on K powers of a shear of infinite order nears the invariant one."""
    frame = runs.curves("difference", axis="copies")
    with canvas() as (figure, axes):
        ax = axes[0, 0]
        _seeds_and_mean(ax, frame, "copies", "difference", OBLIQUE)
        end = frame.groupby("copies")["difference"].mean()
        _guide(ax, end, -1)
        ax.set(
            xscale="log",
            yscale="log",
            xlabel="powers shown, K",
            ylabel="distance to Ŵ_inv, relative",
        )
        legend_below(
            figure,
            [
                Line2D([], [], color=OBLIQUE, marker="o", label="mean; each seed thin"),
                Line2D([], [], color=INK, ls=":", label="∝ 1/K"),
            ],
        )
    return figure


def leaning_weights(runs: Runs) -> Figure:
    """Wobble and accuracy as the plain image comes to outweigh its turns."""
    frame = runs.frame()
    whole = frame["label"].str.startswith("turns-0-1-2-3")
    alone = frame["label"] == "turns-0"
    frame["weight"] = frame["lean"].where(~alone, 1.0)
    frame = frame[whole | alone]
    with canvas(2, sharex=True) as (figure, axes):
        for ax, metric, name in zip(
            axes[:, 0],
            ("wobble", "accuracy"),
            ("wobble over the four turns", "accuracy, all turned images"),
            strict=True,
        ):
            _seeds_and_mean(ax, frame, "weight", metric, OBLIQUE)
            ax.set(ylabel=name, xlabel="t: 0 equal weights, 1 plain image alone")
        legend_below(figure, [Line2D([], [], color=OBLIQUE, marker="o", label="mean; seeds thin")])
    return figure


def small_angles(runs: Runs) -> Figure:
    """Wobble over the angles that were shown, and over quarter turns, by number of angles."""
    looks = {
        "wobble_shown": ("over the turns shown", OBLIQUE, "o", -0.08),
        "wobble_quarters": ("over quarter turns", ORTHOGONAL, "s", 0.08),
    }
    with canvas() as (figure, axes):
        ax = axes[0, 0]
        for name, (_, colour, marker, aside) in looks.items():
            means = _log_means(runs.curves(name, axis="turns"), "turns", name)
            places = np.arange(len(means)) + aside
            ax.plot(places, means[name], color=colour, marker=marker, ms=7, ls="")
            ax.vlines(places, 1e-17, means[name], color=colour, lw=1, alpha=0.4)
        ax.set(
            yscale="log",
            ylim=(1e-17, 10),
            xticks=range(len(means)),
            xticklabels=means["turns"],
            xlabel="equally spaced turns shown",
            ylabel="wobble of predictions",
        )
        handles = [
            Line2D([], [], color=colour, marker=marker, ls="", label=name)
            for name, colour, marker, _ in looks.values()
        ]
        legend_below(figure, handles)
    return figure


def more_images(runs: Runs) -> Figure:
    """Wobble of the optimum on half the orbit, for growing numbers of images."""
    looks = {
        "half-orbit-upright": ("upright images", OBLIQUE, "o"),
        "half-orbit-turned": ("each image first turned at random", ORTHOGONAL, "s"),
    }
    frame = runs.curves("wobble", axis="images")
    with canvas() as (figure, axes):
        ax = axes[0, 0]
        for label, (_, colour, marker) in looks.items():
            own = frame[frame["label"] == label]
            _seeds_and_mean(ax, own, "images", "wobble", colour, marker, of="median")
        turned = frame[frame["label"] == "half-orbit-turned"]
        _guide(ax, turned.groupby("images")["wobble"].median(), -0.5)
        ax.set(
            xscale="log",
            yscale="log",
            xlabel="images n",
            ylabel="wobble over the four turns",
        )
        handles = [
            Line2D([], [], color=colour, marker=marker, label=name)
            for name, colour, marker in looks.values()
        ]
        legend_below(figure, [*handles, Line2D([], [], color=INK, ls=":", label="∝ 1/√n")])
    return figure


def _log_means(frame: pd.DataFrame, axis: str, name: str) -> pd.DataFrame:
    """Geometric means over seeds, where values spread over decades; 0 counts as one rounding."""
    frame = frame.assign(**{name: np.log10(frame[name].clip(lower=1e-17))})
    means = frame.groupby(["label", axis], sort=False, as_index=False)[name].mean()
    return means.assign(**{name: 10.0 ** means[name]})


def _seeds_and_mean(ax, frame, x, y, colour, marker="o", of="mean") -> None:
    sns.lineplot(
        frame, x=x, y=y, units="seed", estimator=None, color=colour, lw=0.7, alpha=0.35, ax=ax
    )
    mean = frame.groupby(x)[y].agg(of)
    ax.plot(mean.index, mean, color=colour, marker=marker, ms=6)


def _guide(ax, values: pd.Series, slope: float) -> None:
    """A power law through the last point."""
    n = values.index.to_numpy(dtype=float)
    ax.plot(n, values.iloc[-1] * (n / n[-1]) ** slope, color=INK, ls=":", lw=1)
