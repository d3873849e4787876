"""Interactive pictures of genuine/unknown_group: all candidates, by network or by epoch."""

from collections.abc import Iterator

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from invlib.figures.canvas import canvas
from invlib.figures.genuine.unknown_group import METHODS, NAMES
from invlib.groups.square_symmetries import SquareSymmetries
from invlib.groups.subgroups import subgroup_within
from invlib.records.record import Record
from invlib.studies.genuine.learned_group import TRUTHS
from invlib.studies.genuine.sample import GROUPS
from invlib.studies.study import Runs

EIGHT = ("no turn", "¼ turn", "½ turn", "¾ turn", "flip", "flip, ¼", "flip, ½", "flip, ¾")
LOWEST = -3  # power of ten of the lowest score that has a colour of its own
FAINTEST = -4  # and of the smallest probability
FRAMES = 20  # epochs shown, at most


def score_frames(runs: Runs) -> tuple[Iterator[Figure], list[Artist], list[str]]:
    """The score of every candidate, for the networks of one seed: frames, what moves, and words."""
    records = [_shown(runs, group, method) for group in GROUPS for method in METHODS]
    side = records[0].arrays["side"].item()
    half = side // 2
    with canvas(2, 4, height=4.4) as (figure, axes):
        pictures, dots, rings = [], [], []
        for d, panel in enumerate(axes.flat):
            pictures.append(
                panel.imshow(
                    np.zeros((side, side)),
                    cmap="viridis_r",
                    vmin=LOWEST,
                    vmax=0,
                    interpolation="none",
                    extent=(-half - 0.5, side - half - 0.5, side - half - 0.5, -half - 0.5),
                )
            )
            dots += panel.plot([0], [0], "o", ms=2.2, color="#d55e00")
            rings += panel.plot([0], [0], "o", ms=9, mfc="none", mew=1.8, color="#d55e00")
            panel.set(xticks=[], yticks=[])
            panel.grid(False)
            panel.set_title(EIGHT[d], fontsize="small", pad=3)
        bar = figure.colorbar(
            pictures[0], ax=axes, orientation="horizontal", aspect=45, pad=0.04, extend="both"
        )
        bar.set_ticks(range(LOWEST, 1), labels=["0.001", "0.01", "0.1", "1"])
        bar.set_label("invariance score; in each panel no shift is in the middle", fontsize="small")

    def frames() -> Iterator[Figure]:
        for record in records:
            grids = _rolled(record, side)
            accepted, found = _decided(record, side)
            for d in range(8):
                pictures[d].set_data(np.log10(np.maximum(grids[d], 10.0 ** (LOWEST - 1))))
                dots[d].set_data(*_places(accepted, d, side))
                rings[d].set_data(*_places(found, d, side))
            yield figure

    words = [
        f"{r.run.config['method']}, trained on {NAMES[r.run.config['group']]}: "
        f"{r.metrics['accepted']:.0f} accepted, a group of {r.metrics['order']:.0f} among them"
        for r in records
    ]
    return frames(), [*pictures, *dots, *rings], words


def _shown(runs: Runs, group: str, method: str) -> Record:
    """The record of seed 0, which keeps the scores."""
    (known,) = [k for k in runs.where(group=group, method=method).known if k.record.run.seed == 0]
    return known.record


def _rolled(record: Record, side: int) -> np.ndarray:
    """Scores as pictures [8, down, right] with no shift in the middle."""
    grids = np.full(8 * side * side, np.nan)
    grids[record.arrays["candidates"]] = record.arrays["scores"]
    grids = grids.reshape(8, side, side)
    return np.roll(grids, (side // 2, side // 2), axis=(1, 2))


def _decided(record: Record, side: int) -> tuple[list[int], list[int]]:
    """What the rule accepts, and the group inside it."""
    accepted = [int(element) for element in record.arrays["accepted_elements"]]
    return accepted, subgroup_within(SquareSymmetries(side), accepted)


def _places(elements: list[int], d: int, side: int) -> tuple[list[int], list[int]]:
    """Where the elements of one panel lie, shifts counted from −side/2."""
    half = side // 2
    own = [element % (side * side) for element in elements if element // (side * side) == d]
    right = [(e % side + half) % side - half for e in own]
    down = [(e // side + half) % side - half for e in own]
    return right, down


def distribution_frames(runs: Runs) -> tuple[Iterator[Figure], list[Artist], list[str]]:
    """The learned distribution of one seed over training: frames, what moves, and words."""
    records = {}
    for truth in TRUTHS:
        own = runs.where(truth=truth, knowledge="learned").known
        (records[truth],) = [k.record for k in own if k.record.run.seed == 0]
    epochs = next(iter(records.values())).curves["epoch"]
    shown = np.unique(np.linspace(0, len(epochs) - 1, FRAMES).round().astype(int))
    with canvas(3, height=7.2) as (figure, axes):
        pictures = []
        for truth, panel in zip(TRUTHS, axes[:, 0], strict=True):
            table = _table(records[truth], 0)
            columns = table.shape[1]
            pictures.append(
                panel.imshow(
                    table,
                    cmap="viridis",
                    vmin=FAINTEST,
                    vmax=0,
                    aspect="auto",
                    interpolation="none",
                )
            )
            panel.set_title(f"images moved by: {NAMES[truth]}", fontsize="small", pad=3)
            panel.set_yticks(range(8), EIGHT, fontsize="x-small")
            half = (columns + 1) // 2
            panel.set_xticks(
                [0, (half - 1) / 2, (columns + half - 1) / 2],
                ["none", "shifts right", "shifts down"],
                fontsize="small",
            )
            panel.axvline(half - 0.5, color="white", lw=1)
            panel.grid(False)
        bar = figure.colorbar(
            pictures[0], ax=axes, orientation="horizontal", aspect=45, pad=0.03, extend="min"
        )
        bar.set_ticks(range(FAINTEST, 1), labels=["0.0001", "0.001", "0.01", "0.1", "1"])
        bar.set_label("probability of the candidate", fontsize="small")

    def frames() -> Iterator[Figure]:
        for epoch in shown:
            for truth, picture in zip(TRUTHS, pictures, strict=True):
                picture.set_data(_table(records[truth], epoch))
            yield figure

    words = [
        f"epoch {epochs[i]}: mass on the true group "
        + ", ".join(f"{records[t].curves['mass'][i]:.2f} ({t})" for t in TRUTHS)
        for i in shown
    ]
    return frames(), pictures, words


def _table(record: Record, epoch: int) -> np.ndarray:
    """log₁₀ p as a table: a row per turn and flip; shifts to the right, then down."""
    p = np.maximum(record.arrays["course"][epoch].astype(float), 1e-9)
    side = record.arrays["side"].item()
    element = record.arrays["candidates"].astype(int)
    d, down, right = element // side**2, element // side % side, element % side
    step = record.run.config["step"]
    place = np.where(down > 0, side // step - 1 + down // step, right // step)
    table = np.full((8, 2 * (side // step) - 1), float(FAINTEST))
    table[d, place] = np.log10(p)
    return table
