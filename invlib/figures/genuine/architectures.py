"""The pictures of genuine/architectures: what invariance costs each network and each regime."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from invlib.figures.canvas import canvas, legend_below
from invlib.figures.genuine.log_ticks import plain_log_ticks
from invlib.figures.genuine.looks import LOOKS
from invlib.figures.palette import Look
from invlib.figures.show import INK
from invlib.studies.study import Runs

FAMILIES = {
    "mlp": Look("perceptron of the paper", "#7b4173", "o", "-"),
    "shallow": Look("shallow", "#56b4e9", "v", "-"),
    "deep": Look("deep", "#3182bd", "^", "-"),
    "wide": Look("wide", "#cc79a7", "p", "-"),
    "residual": Look("residual", "#e69f00", "D", "-"),
    "cnn": Look("CNN", "#637939", "s", "-"),
}
REGIMES = {
    "adam": Look("Adam", "#7b4173", "o", "-"),
    "sgd": Look("SGD", "#e69f00", "s", "-"),
    "adamw": Look("AdamW", "#56b4e9", "^", "-"),
    "late": Look("Adam, for longer", "#637939", "D", "-"),
}
WAYS = {way: LOOKS[way] for way in ("DA", "IR")}
PANELS = {"accuracy": "accuracy, all turned images", "sigma_max": "σ_max(J)"}
CURVES = {
    "accuracy": "accuracy",
    "SI": "SI",
    "LI": "LI",
    "sigma_max": "σ_max(J)",
}
LOGARITHMIC = ("LI", "sigma_max")
HARD = "*"  # the marker of hard-wired networks


@dataclass(frozen=True)
class Line:
    """Networks that differ in the penalty alone, the weakest first, and the hard-wired one."""

    look: Look
    rows: pd.DataFrame  # one row per network and seed
    hard: pd.DataFrame


def family_lines(runs: Runs) -> list[Line]:
    """One line per architecture, under quarter turns."""
    frame = runs.frame().query("group == 'R4' and optimizer == 'adam' and followed == 0")
    return [_line(look, frame[frame["family"] == name]) for name, look in FAMILIES.items()]


def changes(runs: Runs) -> pd.DataFrame:
    """What the strongest penalty changes against DA, one row per architecture: means over seeds."""
    rows = {}
    for line in family_lines(runs):
        if len(line.rows):
            means = line.rows.groupby("strength")[["accuracy", "SI", "LI", "sigma_max"]].mean()
            rows[line.look.name] = means.iloc[-1] - means.iloc[0]
    return pd.DataFrame(rows).T


def regime_lines(runs: Runs) -> list[Line]:
    """One line per optimizer and for long training: the paper's perceptron under quarter turns."""
    frame = runs.frame().query("group == 'R4' and family == 'mlp'")
    frame = frame[frame["strength"].isin([0.0, frame["strength"].max()])]
    late = frame["followed"] > 0
    lines = [_line(REGIMES["late"], frame[late])]
    for name in ("adam", "sgd", "adamw"):
        lines.append(_line(REGIMES[name], frame[~late & (frame["optimizer"] == name)]))
    return lines


def _line(look: Look, frame: pd.DataFrame) -> Line:
    hard = frame["method"] == "hard"
    return Line(look, frame[~hard], frame[hard])


def fronts(lines: Sequence[Line]) -> Figure:
    """Accuracy and σ_max against SI: a line per architecture or regime from DA along growing ν."""
    lines = [line for line in lines if len(line.rows)]
    with canvas(2, sharex=True, height=7.4) as (figure, grid):
        for axes, (metric, words) in zip(grid[:, 0], PANELS.items(), strict=True):
            for line in lines:
                _draw(axes, line, metric)
            axes.set(ylabel=words)
        grid[1, 0].set(yscale="log", xlabel="saliency invariance similarity SI")
        plain_log_ticks(grid[1, 0].yaxis, times=(1, 2, 3, 5))
        legend_below(figure, _handles(lines))
    return figure


def _draw(axes: Axes, line: Line, metric: str) -> None:
    """Means over seeds with bars of one standard deviation both ways; DA hollow, IR filled."""
    look = line.look
    means, spread = _summary(line.rows.groupby("strength"), metric)
    axes.plot(means["SI"], means[metric], color=look.colour, ls=look.dash, lw=1.5)
    for strength in means.index:
        _point(axes, means.loc[strength], spread.loc[strength], metric, look, strength > 0)
    if len(line.hard):
        means, spread = _summary(line.hard.groupby("strength"), metric)
        star = Look(look.name, look.colour, HARD, look.dash)
        _point(axes, means.iloc[0], spread.iloc[0], metric, star, True)


def _summary(groups: "pd.api.typing.DataFrameGroupBy", metric: str) -> tuple:
    shown = groups[["SI", metric]]
    return shown.mean(), shown.std(ddof=1).fillna(0)


def _point(
    axes: Axes, mean: pd.Series, spread: pd.Series, metric: str, look: Look, filled: bool
) -> None:
    axes.errorbar(
        mean["SI"],
        mean[metric],
        xerr=spread["SI"],
        yerr=spread[metric],
        color=look.colour,
        marker=look.marker,
        ms=15 if look.marker == HARD else 7,
        mfc=look.colour if filled else "none",
        mew=1.6,
        elinewidth=1,
        ls="",
    )


def _handles(lines: Sequence[Line]) -> list[Line2D]:
    """The lines, and what hollow and filled markers and stars stand for."""
    own = [
        Line2D([], [], color=line.look.colour, marker=line.look.marker, label=line.look.name)
        for line in lines
    ]
    ways = {
        "hollow: DA": ("o", "none", 7),
        "filled: IR, ν grows from DA on": ("o", INK, 7),
        "star: hard-wired": (HARD, INK, 13),
    }
    shown = {**ways} if any(len(line.hard) for line in lines) else dict(list(ways.items())[:2])
    for words, (marker, face, size) in shown.items():
        own.append(Line2D([], [], color=INK, ls="", marker=marker, mfc=face, ms=size, label=words))
    return own


def training_curves(runs: Runs, early: int) -> Figure:
    """Accuracy, SI, LI and σ_max over training, DA and IR; a line marks where the others stop."""
    curves = _followed(runs)
    with canvas(4, sharex=True, height=9.6) as (figure, grid):
        for axes, (name, words) in zip(grid[:, 0], CURVES.items(), strict=True):
            if name in LOGARITHMIC:
                axes.set(yscale="log")
            for way, look in WAYS.items():
                sns.lineplot(
                    curves[curves["method"] == way],
                    x="epoch",
                    y=name,
                    color=look.colour,
                    linestyle=look.dash,
                    errorbar=("sd", 1),
                    err_kws={"alpha": 0.18, "linewidth": 0},
                    ax=axes,
                )
            axes.axvline(early, color=INK, lw=0.8, ls=":")
            axes.set(ylabel=words, xlabel="epoch")
        stop = Line2D([], [], color=INK, lw=0.8, ls=":", label="end of the shorter trainings")
        own = [
            Line2D([], [], color=look.colour, ls=look.dash, label=look.name)
            for look in WAYS.values()
        ]
        legend_below(figure, [*own, stop])
    return figure


def _followed(runs: Runs) -> pd.DataFrame:
    """The curves of the networks that were followed, in one long frame with a method each."""
    own = [known for known in runs.known if known.record.run.config["followed"]]
    frames = []
    for known in own:
        curves: Mapping = known.record.curves
        method = known.record.run.config["method"]
        frames.append(pd.DataFrame({name: curves[name] for name in ("epoch", *CURVES)}))
        frames[-1]["method"] = method
    return pd.concat(frames, ignore_index=True)
