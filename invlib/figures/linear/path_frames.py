"""The frames of the interactive figure of linear/regularization_path."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D

from invlib.figures.canvas import canvas, images
from invlib.figures.palette import LOOKS
from invlib.figures.show import INK
from invlib.studies.study import Runs

HERE = LOOKS["constrained"].colour
PANELS = {"accuracy": "accuracy, turned images", "invariance_error": "invariance error ‖WG‖"}


def path_frames(shown: Runs, on_images: Runs, rank: int) -> tuple[Iterator[Figure], list[Artist]]:
    """One frame per strength: the rows of W, the singular values, and where on the path we are.

    It is one figure, and the artists of it that change. All is of the seed whose maps were kept.
    """
    record = shown.known[0].record
    maps, values = record.arrays["maps"], record.arrays["singular_values"]
    path = path_of(on_images, record.run.seed)
    side = round(maps.shape[-1] ** 0.5)
    maps = maps.reshape(*maps.shape[:2], side, side)
    with canvas(height=5.6) as (figure, axes):
        axes[0, 0].remove()
        places = figure.add_gridspec(4, 6, height_ratios=(1, 1, 1, 1.6))
        pictures = [
            _picture(figure.add_subplot(places[row // 3, row % 3]), maps[:, row], str(row))
            for row in range(maps.shape[1])
        ]
        both = _singular_values(figure.add_subplot(places[:3, 3:]), values, rank)
        dots = [
            _curve(figure.add_subplot(place), path, name)
            for place, name in zip((places[3, :3], places[3, 3:]), PANELS, strict=True)
        ]

    def frames() -> Iterator[Figure]:
        for step, strength in enumerate(strengths_of(shown)):
            for picture, rows in zip(pictures, maps[step], strict=True):
                picture.set_data(rows)
            for line, part in zip(both, (values[step, :rank], values[step, rank:]), strict=True):
                line.set_ydata(part)
            for dot, name in zip(dots, PANELS, strict=True):
                dot.set_data([strength], [nearest(path, strength)[name]])
            yield figure

    return frames(), [*pictures, *both, *dots]


def path_words(shown: Runs, on_images: Runs) -> list[str]:
    """What the slider says at each frame."""
    path = path_of(on_images, shown.known[0].record.run.seed)
    words = []
    for strength in strengths_of(shown):
        here = nearest(path, strength)
        words.append(
            f"λ = {strength:.2g}: accuracy {here['accuracy']:.3f}, "
            f"invariance error {here['invariance_error']:.2g}"
        )
    return words


def strengths_of(shown: Runs) -> np.ndarray:
    """The strengths of the frames."""
    return shown.known[0].record.curves["strength"]


def path_of(on_images: Runs, seed: int) -> pd.DataFrame:
    """What was measured along the path of one seed, by strength."""
    curves = {name: on_images.curves(name, axis="strength") for name in PANELS}
    own = {name: c[c["seed"] == seed].set_index("strength")[name] for name, c in curves.items()}
    return pd.DataFrame(own)


def nearest(path: pd.DataFrame, strength: float) -> pd.Series:
    """The point of the path that is nearest to a strength, on a logarithmic axis."""
    return path.iloc[int(np.abs(np.log(path.index / strength)).argmin())]


def _picture(axes: Axes, row: np.ndarray, name: str) -> AxesImage:
    """One row of W as an image, with one scale of colours for all frames.

    Weights of pixels that are almost always blank would dwarf the rest, so a tenth is cut off.
    """
    images(axes, row[0], largest=float(np.quantile(np.abs(row), 0.9)) or None)
    axes.axis("off")
    axes.set_title(name, fontsize="small", pad=2)
    (picture,) = axes.images
    picture.set_interpolation("none")  # pixels as they are, not redrawn finer
    return picture


def _singular_values(axes: Axes, values: np.ndarray, rank: int) -> tuple[Line2D, Line2D]:
    index = np.arange(1, values.shape[1] + 1)
    (kept,) = axes.plot(index[:rank], values[0, :rank], "o", ms=8, color=HERE)
    (dropped,) = axes.plot(index[rank:], values[0, rank:], "o", ms=8, mfc="none", color=INK)
    axes.set(ylim=(0, 1.08 * float(values.max())), xticks=index, xlabel="$i$")
    axes.set_title(r"$\sigma_i$ of $Z_{reg}(\lambda)$; filled: kept", fontsize="small")
    return kept, dropped


def _curve(axes: Axes, path: pd.DataFrame, name: str) -> Line2D:
    """A curve over strengths, and the dot that moves on it."""
    axes.plot(path.index, path[name], color=INK, lw=1.4)
    scale = "log" if name == "invariance_error" else "linear"
    axes.set(xscale="log", yscale=scale, xlabel="λ")
    axes.set_title(PANELS[name], fontsize="small")
    (dot,) = axes.plot([path.index[0]], [path[name].iloc[0]], "o", ms=9, color=HERE)
    return dot
