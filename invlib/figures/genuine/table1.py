"""The pictures of genuine/table1: every run of the table, and what the search for ν saw."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from invlib.figures.canvas import canvas, legend_below
from invlib.figures.genuine.looks import DATASET_NAMES, GROUP_NAMES, LOOKS
from invlib.figures.show import INK
from invlib.studies.genuine.strength_search import TARGET, choose, similarities
from invlib.studies.study import Runs
from invlib.tables.genuine.table1 import METHODS, PAPER, final_runs


def accuracy_and_similarity(runs: Runs, dataset: str, *, paper: bool) -> Figure:
    """Each run as a point, accuracy over SI; one panel per group; the paper's means as rings."""
    frame = final_runs(runs).query("dataset == @dataset")
    with canvas(2, sharex=True) as (figure, axes):
        for panel, group in zip(axes[:, 0], GROUP_NAMES, strict=True):
            for method in METHODS:
                own = frame.query("group == @group and method == @method")
                look = LOOKS[method]
                panel.plot(own["SI"], own["accuracy"] * 100, ls="", marker=look.marker,
                           color=look.colour, ms=6, alpha=0.8)  # fmt: skip
                if paper:
                    accuracy, *_, similarity = (
                        float(text.split()[0]) for text in PAPER[group, method]
                    )
                    panel.plot(similarity, accuracy, ls="", marker="o", ms=12, mfc="none",
                               mec=look.colour, mew=1.5)  # fmt: skip
            panel.set(title=GROUP_NAMES[group], ylabel="accuracy (%)", xlim=(0, 1.04))
        axes[-1, 0].set(xlabel="SI")
        handles = [_handle(LOOKS[method].name, method) for method in METHODS]
        if paper:
            ring = Line2D([], [], ls="", marker="o", ms=10, mfc="none", mec=INK, label="the paper")
            handles.append(ring)
        legend_below(figure, handles)
    return figure


def search_figure(runs: Runs) -> Figure:
    """Validation SI and accuracy over ν; a ring where the rule stops."""
    table = similarities(runs).query("method == 'IR'")
    places = list(dict.fromkeys(zip(table["dataset"], table["group"], strict=True)))
    shades = dict(zip(places, ("#0072b2", "#d55e00", "#56b4e9", "#e69f00"), strict=False))
    with canvas(2, sharex=True) as (figure, axes):
        top, bottom = axes[:, 0]
        for place, shade in shades.items():
            own = table[(table["dataset"] == place[0]) & (table["group"] == place[1])]
            dash = "-" if place[1] == "R4" else "--"
            line = {"color": shade, "ls": dash, "marker": "o", "ms": 5}
            top.plot(own["strength"], own["validation_SI"], **line)
            bottom.plot(own["strength"], own["validation_accuracy"] * 100, **line)
            picked = choose(own.set_index("strength")["validation_SI"].to_dict())
            at = float(own.loc[np.isclose(own["strength"], picked), "validation_SI"].iloc[0])
            top.plot(picked, at, ls="", marker="o", ms=12, mfc="none", mec=shade, mew=1.5)
        top.axhline(TARGET, color=INK, lw=1, ls=":")
        top.set(ylabel="validation SI", xscale="log")
        bottom.set(ylabel="validation accuracy (%)", xlabel="ν")
        handles = [
            Line2D([], [], color=shade, ls="-" if group == "R4" else "--", marker="o",
                   label=f"{DATASET_NAMES[dataset]}, {group}")
            for (dataset, group), shade in shades.items()
        ]  # fmt: skip
        legend_below(figure, handles)
    return figure


def _handle(name: str, method: str) -> Line2D:
    look = LOOKS[method]
    return Line2D([], [], ls="", marker=look.marker, color=look.colour, label=name)
