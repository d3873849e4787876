"""The pictures of genuine/tradeoff: what a penalty does at each strength, and the front."""

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from invlib.figures.canvas import canvas, legend_below
from invlib.figures.genuine.log_ticks import plain_log_ticks
from invlib.figures.genuine.looks import GROUP_NAMES, LOOKS
from invlib.figures.show import INK
from invlib.settings import from_environment
from invlib.studies.study import Runs

COLOURS = {method: LOOKS[method].colour for method in ("DA", "IR", "WT")}
GROUPS = {"R4": ("o", "-"), "T3": ("^", "--")}
CROWDED = 4  # more strengths than these, and only every other one is named in the picture
PANELS = {
    "accuracy": ("accuracy", "linear"),
    "SI": ("SI", "linear"),
    "LI": ("LI", "log"),
    "relative_LI": ("LI / V", "log"),
    "sigma_max": ("σ_max(J)", "log"),
}


def strength_figure(runs: Runs, dataset: str) -> Figure:
    """Each measure over ν, a line per group; augmentation at the left, weight-tying as a level."""
    frame = runs.where(dataset=dataset).frame()
    groups = [group for group in GROUPS if group in set(frame["group"])]
    lowest = frame.loc[frame["method"] == "IR", "strength"].min() / 3
    with canvas(len(PANELS), 1, height=9.5, sharex=True) as (figure, axes):
        for panel, (metric, (words, scale)) in zip(axes[:, 0], PANELS.items(), strict=True):
            for group in groups:
                own = frame[frame["group"] == group]
                _over_strength(panel, own, metric, group, lowest)
                if scale == "linear":
                    _tied(panel, own, metric, group)
            panel.set(xscale="log", yscale=scale, ylabel=words)
            if scale == "log":
                plain_log_ticks(panel.yaxis)
        axes[-1, 0].set_xlabel("strength ν of the penalty (left end: none)")
        legend_below(figure, _handles(groups))
    return figure


def _over_strength(panel: Axes, own: pd.DataFrame, metric: str, group: str, left: float) -> None:
    marker, dash = GROUPS[group]
    regularized = own[own["method"] == "IR"].groupby("strength")[metric]
    mean, spread = regularized.mean(), regularized.std(ddof=1).fillna(0.0)
    panel.errorbar(mean.index, mean, spread, color=COLOURS["IR"], marker=marker, ls=dash, capsize=2)
    plain = own.loc[own["method"] == "DA", metric]
    panel.errorbar([left], plain.mean(), _std(plain), color=COLOURS["DA"], marker=marker, capsize=2)


def _tied(panel: Axes, own: pd.DataFrame, metric: str, group: str) -> None:
    """The weight-tied network as a level: it has no strength."""
    level = own.loc[own["method"] == "WT", metric].mean()
    panel.axhline(level, color=COLOURS["WT"], ls=GROUPS[group][1], lw=1)


def front_figure(
    runs: Runs, dataset: str, paper: Mapping[tuple[str, str], pd.Series] | None = None
) -> Figure:
    """Accuracy over SI and over σ_max: the curve that ν draws, and the paper's own points."""
    frame = runs.where(dataset=dataset).frame()
    groups = [group for group in GROUPS if group in set(frame["group"])]
    with canvas(2, 1, height=7.0, sharey=True) as (figure, axes):
        for panel, metric in zip(axes[:, 0], ("SI", "sigma_max"), strict=True):
            for group in groups:
                _front(panel, frame[frame["group"] == group], metric, group)
            for (group, method), point in (paper or {}).items():
                if group in groups and metric in point.dropna():
                    look = {"marker": GROUPS[group][0], "color": COLOURS[method], "mfc": "none"}
                    panel.plot(point[metric], point["accuracy"], ls="", ms=11, mew=1.6, **look)
            panel.set(ylabel="accuracy", xlabel=PANELS[metric][0])
        axes[1, 0].set_xscale("log")
        plain_log_ticks(axes[1, 0].xaxis)
        legend_below(figure, _handles(groups, paper is not None))
    return figure


def _front(panel: Axes, own: pd.DataFrame, metric: str, group: str) -> None:
    marker, dash = GROUPS[group]
    means = own.groupby(["method", "strength"])[[metric, "accuracy"]].mean()
    path = pd.concat([means.loc[["DA"]], means.loc[["IR"]]])
    panel.plot(path[metric], path["accuracy"], color=COLOURS["IR"], ls=dash, lw=1.3)
    strengths = list(means.loc["IR"].index)
    named = strengths[::2] if len(strengths) > CROWDED else strengths
    for (method, strength), point in means.iterrows():
        panel.plot(point[metric], point["accuracy"], marker, color=COLOURS[method], ms=7)
        if strength in named:
            panel.annotate(
                f"{strength:g}",
                (point[metric], point["accuracy"]),
                textcoords="offset points",
                xytext=(6, 4 if group == "R4" else -11),
                fontsize="x-small",
                color=INK,
            )


def _handles(groups: Sequence[str], paper: bool = False) -> list[Line2D]:
    handles = [
        Line2D([], [], color=colour, lw=3, label=LOOKS[method].name)
        for method, colour in COLOURS.items()
    ]
    for group in groups:
        marker, dash = GROUPS[group]
        handles.append(Line2D([], [], color=INK, marker=marker, ls=dash, label=GROUP_NAMES[group]))
    if paper:
        hollow = {"marker": "s", "mfc": "none", "ls": "", "ms": 9}
        handles.append(Line2D([], [], color=INK, label="the paper's (hollow)", **hollow))
    return handles


def paper_points() -> dict[tuple[str, str], pd.Series]:
    """The paper's own networks: accuracy, SI and σ_max for each group and method."""
    folder = from_environment().notebooks_dir / "genuine" / "reference"
    table = pd.read_csv(folder / "table1_operating_points.csv", comment="#")
    return {(row["group"], row["method"]): row[2:].astype(float) for _, row in table.iterrows()}


def _std(values: pd.Series) -> float:
    return float(values.std(ddof=1)) if len(values) > 1 else 0.0
