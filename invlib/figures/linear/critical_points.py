"""The pictures of linear/critical_points: saddles by loss and ways down, and training past them."""

from collections.abc import Callable, Hashable, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from invlib.figures.canvas import canvas, legend_below
from invlib.figures.curves import method_handles
from invlib.figures.palette import Look, looks
from invlib.figures.show import INK
from invlib.records.record import Record
from invlib.studies.study import Runs

SIDE_BY_SIDE = 0.3  # between methods that would cover each other
SHARED = "#8c8c8c"  # of what several methods have in common


def saddle_ladder(runs: Runs) -> Figure:
    """Loss over ways down for every critical point of the first seed, one panel for each group."""
    chosen = _first_seed(runs)
    look = looks([record.run.label for record in chosen])
    panels = _apart(chosen, lambda record: record.run.config["group"])
    with canvas(len(panels), 1) as (figure, axes):
        for panel, own in zip(axes[:, 0], panels, strict=True):
            for place, record in enumerate(own):
                one = look[record.run.label]
                panel.plot(
                    record.arrays["measured_descents"]
                    + SIDE_BY_SIDE * (place - (len(own) - 1) / 2),
                    record.arrays["loss"],
                    ls="",
                    marker=one.marker,
                    ms=6,
                    color=one.colour,
                )
            panel.set(title=_title(own[0]), ylabel="loss")
            panel.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes[-1, 0].set_xlabel("directions that lead down (0: minimum)")
        handles = method_handles(look, paper=False)
        for handle in handles:
            handle.set_linestyle("")
        legend_below(figure, handles)
    return figure


def ways_down(runs: Runs) -> Figure:
    """How many critical points have so many ways down: counted pairs beside measured curvature."""
    records = [known.record for known in runs.known]
    look = looks([record.run.label for record in records])
    # problems with as many points under one group have the same list of index sets
    panels = _apart(records, lambda r: (r.run.config["group"], len(r.arrays["kept"])))
    with canvas(len(panels), 1) as (figure, axes):
        for panel, own in zip(axes[:, 0], panels, strict=True):
            seen, counted = _counts(own, "measured_descents"), _counts(own, "predicted_descents")
            names = list(dict.fromkeys(look[record.run.label].name for record in own))
            colour = look[own[0].run.label].colour if len(names) == 1 else SHARED
            panel.bar(range(len(seen)), seen, width=0.6, color=colour, alpha=0.6)
            panel.plot(range(len(counted)), counted, ls="", marker="_", ms=18, mew=2.5, color=INK)
            every = len(names) == len({one.name for one in look.values()})
            words = "all problems" if every else " and ".join(names)
            panel.set_title(f"{_title(own[0])}: {words}", fontsize="small")
            panel.set(ylabel="points")
            panel.xaxis.set_major_locator(MaxNLocator(integer=True))
            panel.yaxis.set_major_locator(MaxNLocator(integer=True))
        axes[-1, 0].set_xlabel("directions that lead down")
        bar = Line2D([], [], color=SHARED, lw=8, alpha=0.6, label="measured: negative curvatures")
        mark = Line2D([], [], color=INK, ls="", marker="_", ms=14, mew=2.5, label="counted pairs")
        legend_below(figure, [bar, mark])
    return figure


def plateaus(runs: Runs) -> Figure:
    """Loss over steps from tiny layers, with the losses of the best maps of each rank as lines."""
    frame = runs.curves("loss")
    look = looks(list(frame["label"].unique()))
    # with the same levels in one panel: augmentation has those of hard-wiring
    panels = _apart(_first_seed(runs), lambda record: record.run.config["strength"])
    with canvas(len(panels), 1, sharex=True) as (figure, axes):
        for panel, own in zip(axes[:, 0], panels, strict=True):
            _levels(panel, own[0].arrays["levels"])
            for record in own:
                curves = frame[frame["label"] == record.run.label]
                _descents(panel, curves, look[record.run.label], record.run.seed)
            panel.set(ylabel="loss", xscale="log")
        axes[-1, 0].set_xlabel("step")
        line = Line2D([], [], color=INK, lw=1, ls=":", label="best map of rank 0, 1, 2, …")
        legend_below(figure, [*method_handles(look, paper=False), line])
    return figure


def _levels(panel: Axes, levels: np.ndarray) -> None:
    for kept, level in enumerate(levels):
        panel.axhline(level, color=INK, lw=1, ls=":")
        panel.annotate(
            f"rank {kept}",
            (1, level),
            xycoords=("axes fraction", "data"),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontsize="small",
        )


def _descents(panel: Axes, frame: pd.DataFrame, look: Look, first: int) -> None:
    """The first seed as a line, the others thin behind it."""
    for seed, line in frame[frame["epoch"] > 0].groupby("seed"):
        own = seed == first
        panel.plot(
            line["epoch"],
            line["loss"],
            color=look.colour,
            lw=2 if own else 0.7,
            alpha=1 if own else 0.35,
            marker=look.marker if own else None,
            markevery=max(1, len(line) // 8),
            zorder=3 if own else 2,
        )


def _first_seed(runs: Runs) -> list[Record]:
    records = [known.record for known in runs.known]
    first = min(record.run.seed for record in records)
    return [record for record in records if record.run.seed == first]


def _apart(records: Sequence[Record], by: Callable[[Record], Hashable]) -> list[list[Record]]:
    """The records in groups, in the order in which the groups first appear."""
    groups: dict[Hashable, list[Record]] = {}
    for record in records:
        groups.setdefault(by(record), []).append(record)
    return list(groups.values())


def _counts(records: Sequence[Record], name: str) -> np.ndarray:
    """How many points have 0, 1, 2, ... ways down, as a mean over these records."""
    most = max(int(record.arrays[name].max()) for record in records)
    counted = [np.bincount(record.arrays[name], minlength=most + 1) for record in records]
    return np.mean(counted, axis=0)


def _title(record: Record) -> str:
    return f"{record.run.config['group']}, {record.run.config['classes']} classes"
