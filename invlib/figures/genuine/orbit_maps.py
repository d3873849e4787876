"""Saliency over orbits: maps turned back, side by side and one by one (genuine, Figs. 1 and 3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from invlib.figures.canvas import canvas, legend_below
from invlib.figures.choices import Choice, Shown
from invlib.figures.genuine.looks import GROUP_NAMES, LOOKS
from invlib.figures.show import INK
from invlib.groups import Group
from invlib.metrics.aligned import turned_back
from invlib.metrics.similarity import cosine
from invlib.records.record import Record
from invlib.saliency.readings import READINGS
from invlib.studies.genuine.sample import GROUPS
from invlib.studies.study import Runs

METHODS = ("DA", "IR", "WT")
READING_NAMES = tuple(READINGS)
STROKE = (0.5, 0.5, 0.5)  # read on light and on dark
STROKE_STRENGTH = 0.55
ELEMENTS = {
    "R4": ("as it is", "90°", "180°", "270°"),
    "T3": ("as it is", "a third to the right", "two thirds to the right"),
}
PAPER_SI = {"R4": {"DA": 0.17, "IR": 0.95, "WT": 1.0}, "T3": {"DA": 0.57, "IR": 0.95, "WT": 1.0}}


@dataclass(frozen=True)
class Looked:
    """What one network sees in the orbits of a few images."""

    group: Group
    images: np.ndarray  # [n, pixels] in [0, 1]
    labels: np.ndarray
    probabilities: np.ndarray  # [n, order, classes]
    maps: np.ndarray  # [n, order, pixels] in [0, 1], as they are
    back: np.ndarray  # the same, turned back

    @property
    def side(self) -> int:
        return round(self.images.shape[-1] ** 0.5)

    def moved(self, n: int, k: int) -> np.ndarray:
        return self.group.act(torch.as_tensor(self.images[n]), k).numpy()

    def alike(self, n: int, k: int) -> float:
        """The cosine of the maps of an image and of its pose k, turned back."""
        return float(cosine(*(torch.as_tensor(self.back[n, j])[None] for j in (0, k))))


def looked_at(pictures: Runs, array: str = "maps") -> Mapping[tuple[str, str], Looked]:
    """The records of pictures by group and method."""
    found = {}
    for record in (known.record for known in pictures.known):
        place = record.run.config["group"], record.run.config["method"]
        found[place] = _looked(record, array)
    return found


def _looked(record: Record, array: str) -> Looked:
    images, maps = (record.arrays[name].astype(float) / 255 for name in ("images", array))
    group = GROUPS[record.run.config["group"]](round(images.shape[-1] ** 0.5))
    return Looked(
        group=group,
        images=images,
        labels=record.arrays["labels"],
        probabilities=record.arrays["probabilities"].astype(float),
        maps=maps,
        back=turned_back(torch.as_tensor(maps), group).numpy(),
    )


def layer(pixels: np.ndarray, colour: Sequence[float] | str, strength: float = 1.0) -> np.ndarray:
    """Pixels [side²] in [0, 1] as one colour that covers the more the larger they are."""
    side = round(pixels.size**0.5)
    covered = np.empty((side, side, 4))
    covered[..., :3] = to_rgb(colour)
    covered[..., 3] = strength * pixels.reshape(side, side)
    return covered


def orbit_figure(pictures: Runs, group: str, array: str = "maps") -> Figure:
    """For each method, a row per pose and a column per class: maps turned back over the image."""
    found = {m: looked for (g, m), looked in looked_at(pictures, array).items() if g == group}
    rows = len(ELEMENTS[group])
    with canvas(len(METHODS), 1, height=1.0 + 3 * rows * 0.62) as (figure, axes):
        for ax, method in zip(axes[:, 0], METHODS, strict=True):
            one = found[method]
            strokes = _sheet(np.repeat(one.images[:, None], rows, 1), STROKE, STROKE_STRENGTH)
            over = _sheet(one.back, LOOKS[method].colour)
            for sheet in (strokes, over):
                ax.imshow(sheet, interpolation="none", extent=(0, len(one.labels), rows, 0))
            ax.set_title(LOOKS[method].name, fontsize="medium", color=INK)
            ax.set(yticks=np.arange(rows) + 0.5, xticks=[])
            ax.set_yticklabels(["e", "g", "g²", "g³"][:rows])
            ax.tick_params(length=0)
            ax.grid(False)
            for k in range(1, rows):
                ax.axhline(k, color=INK, lw=0.3, alpha=0.4)
            for n in range(1, len(one.labels)):
                ax.axvline(n, color=INK, lw=0.3, alpha=0.4)
    return figure


def _sheet(maps: np.ndarray, colour: Sequence[float] | str, strength: float = 1.0) -> np.ndarray:
    """Maps [n, order, pixels] laid out as columns and rows of one picture."""
    layers = [[layer(one, colour, strength) for one in own] for own in maps.swapaxes(0, 1)]
    return np.concatenate([np.concatenate(row, 1) for row in layers], 0)


def picker(pictures: Runs) -> tuple[object, list[Choice], list[str]]:
    """What the interactive picture needs: its frames, its choices and the titles of its panels."""
    found = looked_at(pictures)
    labels = found["R4", "DA"].labels
    places = [("R4", k) for k in (1, 2, 3)] + [("T3", k) for k in (1, 2)]
    words = [
        *(f"turned by {ELEMENTS['R4'][k]}" for k in (1, 2, 3)),
        *(f"shifted by {part}" for part in ("1/3", "2/3")),
    ]

    def frame(n: int, place: int, method: int) -> Shown:
        group, k = places[place]
        one, colour = found[group, METHODS[method]], LOOKS[METHODS[method]].colour
        panels = [
            (one.images[n], one.maps[n, 0]),
            (one.moved(n, k), one.maps[n, k]),
            (one.images[n], one.back[n, k]),
        ]
        return Shown(
            [(layer(a, STROKE, STROKE_STRENGTH), layer(b, colour)) for a, b in panels],
            f"{METHODS[method]} on class {one.labels[n]}, {words[place]}: {_said(one, n, k)}",
        )

    choices = [
        Choice("Class", [str(label) for label in labels], start=min(5, len(labels) - 1)),
        Choice("Moved", words),
        Choice("Network", METHODS),
    ]
    return frame, choices, ["x and its map", "gx and its map", "the map turned back"]


def _said(one: Looked, n: int, k: int) -> str:
    still, moved = one.probabilities[n, 0], one.probabilities[n, k]
    return (
        f"it says {still.argmax()} (probability {still.max():.2f}) for x and {moved.argmax()} "
        f"({moved.max():.2f}) for gx. Cosine of the maps: {one.alike(n, k):.2f}."
    )


def share_figure(pairs: Runs) -> Figure:
    """How many of the agreeing pairs have maps at least so alike; one panel per group."""
    with canvas(2, 1, height=6.4, sharex=True) as (figure, axes):
        for ax, group in zip(axes[:, 0], GROUPS, strict=True):
            curves = pairs.where(group=group).curves("share", axis="cosine")
            for method in METHODS:
                own = curves[curves["label"].str.split("-").str[2] == method]
                by_place = own.groupby("cosine")["share"]
                mean, spread = by_place.mean(), by_place.std(ddof=1).fillna(0)
                look = LOOKS[method]
                ax.plot(mean.index, mean, color=look.colour, ls=look.dash, label=look.name)
                ax.fill_between(
                    mean.index, mean - spread, mean + spread, color=look.colour, alpha=0.2, lw=0
                )
            ax.set(ylim=(0, 1.05), ylabel="share of pairs")
            ax.set_title(GROUP_NAMES[group], fontsize="medium")
        axes[-1, 0].set(xlabel="cosine of the two maps is at least")
        legend_below(figure, axes[0, 0].lines[:3], columns=3)
    return figure


MARKS = {
    "agreement": ("predictions agree", "D"),
    "SI": ("maps: SI", "o"),
    "SI_other_image": ("maps of two images of a class", "x"),
}


def agreement_figure(pairs: Runs, paper: bool) -> Figure:
    """Agreement of predictions beside similarity of maps, for each group and method."""
    means = pairs.frame().groupby(["group", "method"]).mean(numeric_only=True)
    spread = pairs.frame().groupby(["group", "method"]).std(numeric_only=True).fillna(0)
    with canvas(2, 1, height=5.2, sharex=True) as (figure, axes):
        for ax, group in zip(axes[:, 0], GROUPS, strict=True):
            for row, method in enumerate(METHODS):
                own, colour = means.loc[group, method], LOOKS[method].colour
                ax.plot([own["SI"], own["agreement"]], [row, row], color=colour, lw=1.5, alpha=0.5)
                for name, (_, marker) in MARKS.items():
                    ax.errorbar(
                        own[name],
                        row,
                        xerr=spread.loc[(group, method), name],
                        fmt=marker,
                        color=colour,
                        ms=7,
                    )
                if paper:
                    ax.plot(PAPER_SI[group][method], row, "o", mfc="none", mec=INK, ms=12)
            ax.set(yticks=range(len(METHODS)), yticklabels=METHODS, xlim=(-0.03, 1.05))
            ax.set_ylim(len(METHODS) - 0.5, -0.5)
            ax.set_title(GROUP_NAMES[group], fontsize="medium")
        axes[-1, 0].set(xlabel="share, or mean cosine")
        handles = [
            Line2D([], [], color=INK, marker=m, ls="", label=words) for words, m in MARKS.values()
        ]
        if paper:
            handles.append(
                Line2D(
                    [], [], marker="o", mfc="none", mec=INK, ms=12, ls="", label="SI in the paper"
                )
            )
        legend_below(figure, handles)
    return figure
