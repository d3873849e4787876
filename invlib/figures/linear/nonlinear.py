"""The pictures of linear/nonlinear: losses, the invariance that is learned, and how it grows."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from invlib.figures.canvas import canvas, legend_below
from invlib.figures.curves import draw_methods, method_handles
from invlib.figures.palette import graded
from invlib.figures.reference import PaperCurves
from invlib.figures.show import INK
from invlib.models.activations import ACTIVATIONS
from invlib.studies.linear.nonlinear_sample import POINTS
from invlib.studies.study import Runs

POINT_NAMES = {"images": "unseen images", "gaussian": "Gaussian points"}


def loss_curves(
    runs: Runs,
    activations: Sequence[str],
    widths: Sequence[int],
    samples: int,
    paper: PaperCurves | None = None,
) -> Figure:
    """Fig. 10: a row per activation, a column per width, both ways to invariance in each panel."""
    rows = len(activations)
    with canvas(rows, len(widths), height=1.2 + 1.9 * rows, sharex=True, sharey=True) as drawn:
        figure, axes = drawn
        for row, name in zip(axes, activations, strict=True):
            for panel, hidden in zip(row, widths, strict=True):
                cell = runs.where(hidden=hidden, samples=samples)
                behind = paper and _only(paper, f"{name}+{hidden}+")
                look = draw_methods(panel, cell, f"{name}_loss", paper=behind)
                panel.set(title=f"{ACTIVATIONS[name].name}, {hidden} hidden units", ylabel="")
                if row is not axes[-1]:
                    panel.set(xlabel="")
            row[0].set(ylabel="training loss")
        low, high = _late_range(runs.where(samples=samples), activations)
        axes[0, 0].set(ylim=(low, high))
        legend_below(figure, method_handles(look, paper is not None), columns=1)
    return figure


def _only(paper: PaperCurves, start: str) -> PaperCurves:
    """The curves of one panel, labelled by the way alone."""
    frame = paper.frame[paper.frame["label"].str.startswith(start)]
    return PaperCurves(frame.assign(label=frame["label"].str.removeprefix(start)), paper.notes)


def _late_range(runs: Runs, activations: Sequence[str]) -> tuple[float, float]:
    """From the lowest loss to somewhat above the start's mean: what happens late stays readable."""
    curves = [runs.curves(f"{name}_loss") for name in activations]
    values = [frame.groupby(["label", "epoch"])[frame.columns[-1]].mean() for frame in curves]
    start = np.mean([mean[mean.index.get_level_values("epoch") == 0].mean() for mean in values])
    return 0.9 * min(mean.min() for mean in values), 1.1 * start


def invariance_dots(
    runs: Runs, activations: Sequence[str], widths: Sequence[int], sizes: Sequence[int]
) -> Figure:
    """Fig. 11: ε_inv of augmented networks, a panel for each kind of points, a dot per seed."""
    frame = runs.where(method="augmented").frame()
    cells = [(hidden, samples) for hidden in widths for samples in sizes]
    with canvas(2, 1, sharex=True, sharey=True) as (figure, axes):
        for panel, kind in zip(axes[:, 0], POINTS, strict=True):
            for place, name in enumerate(activations):
                for i, cell in enumerate(cells):
                    chosen = (frame["hidden"] == cell[0]) & (frame["samples"] == cell[1])
                    values = frame.loc[chosen, f"{name}_eps_{kind}"]
                    _dots(panel, place + 0.17 * (i - (len(cells) - 1) / 2), values, cell, cells)
            panel.set(yscale="log", ylabel=f"ε_inv, {POINT_NAMES[kind]}")
        names = [ACTIVATIONS[name].name for name in activations]
        axes[1, 0].set_xticks(range(len(names)), names)
        legend_below(figure, [_handle(cell, cells) for cell in cells])
    return figure


def _dots(panel: Axes, at: float, values: pd.Series, cell: tuple, cells: list) -> None:
    look = _look(cell, cells)
    panel.plot([at] * len(values), values, **look, ls="", ms=3.5, alpha=0.5)
    panel.plot([at], [np.exp(np.log(values).mean())], **look, ls="", ms=8)


def _look(cell: tuple[int, int], cells: list[tuple[int, int]]) -> dict:
    """Colour by width; filled for many training images, hollow for few."""
    widths, most = sorted({hidden for hidden, _ in cells}), max(samples for _, samples in cells)
    hidden, samples = cell
    colour = graded(widths)[hidden]
    face = colour if samples == most else "none"
    return {
        "marker": "os"[widths.index(hidden) % 2],
        "color": colour,
        "markerfacecolor": face,
    }


def _handle(cell: tuple[int, int], cells: list[tuple[int, int]]) -> Line2D:
    words = f"{cell[0]} hidden units, {cell[1]} images"
    return Line2D([], [], **_look(cell, cells), ls="", label=words)


def invariance_over_training(runs: Runs, widths: Sequence[int], sizes: Sequence[int]) -> Figure:
    """ε_inv on unseen images and the invariant share of ‖W₁‖², over training, mean of networks."""
    augmented = runs.where(method="augmented")
    cells = [(hidden, samples) for hidden in widths for samples in sizes]
    with canvas(2, 1, sharex=True) as (figure, axes):
        for cell in cells:
            own = augmented.where(hidden=cell[0], samples=cell[1])
            measured = _over_networks(own, "eps_images", "measured_epoch", log=True)
            share = _over_networks(own, "first_invariant", "epoch", log=False)
            for panel, line in zip(axes[:, 0], (measured, share), strict=True):
                look = _look(cell, cells)
                every = max(1, len(line) // 8)
                dash = "-" if cell[1] == max(sizes) else "--"
                panel.plot(line.index, line.values, **look, ls=dash, ms=6, markevery=every)
        last = measured.index.max()
        axes[0, 0].set(yscale="log", ylabel="ε_inv, unseen images")
        axes[1, 0].set(xlabel="epoch", ylabel="invariant share of ‖W₁‖²", xlim=(0, last))
        quarter = 0.25
        axes[1, 0].axhline(quarter, color=INK, lw=0.8, ls=":")
        legend_below(figure, [_handle(cell, cells) for cell in cells])
    return figure


def _over_networks(runs: Runs, ending: str, axis: str, *, log: bool) -> pd.Series:
    """A curve averaged over seeds and activations: the geometric mean where `log` says so."""
    names = runs.known[0].record.run.config["activations"]
    curves = []
    for name in names:
        frame = runs.curves(f"{name}_{ending}", axis)
        curves.append(frame.set_index(axis)[f"{name}_{ending}"])
    together = pd.concat(curves).astype(float)
    if log:
        return np.exp(np.log(together).groupby(level=0).mean())
    return together.groupby(level=0).mean()
