"""The pictures of linear/primer: an orbit, the parts of a map, low rank, matrices of rank one."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from invlib.figures.canvas import canvas, images
from invlib.figures.show import INK
from invlib.studies.study import Runs

INVARIANT, REST, CRITICAL = "#0072b2", "#d55e00", "#009e73"


def orbit_picture(runs: Runs) -> Figure:
    """An image, its turns, and their mean."""
    orbit = _first(runs, "orbit")
    names = ["x", *(f"ρ(g){_power(k)} x" for k in range(1, len(orbit))), "Ḡ x"]
    return _strip([*orbit, orbit.mean(0)], names)


def parts_picture(runs: Runs) -> Figure:
    """One row of a map as an image: whole, its invariant part, and the rest."""
    row = _first(runs, "row")
    side = _side(row)
    turns = [np.rot90(row.reshape(side, side), k).flatten() for k in range(4)]
    invariant = np.mean(turns, 0)
    return _strip([row, invariant, row - invariant], ["a row of W", "of W Ḡ", "of W⊥"])


def low_rank_picture(runs: Runs, ranks: tuple[int, ...] = (1, 2, 3, 5)) -> Figure:
    """An image, and the best matrices of a few ranks."""
    best = _first(runs, "low_rank")
    shown = [rank for rank in ranks if rank < len(best)]
    return _strip([best[-1], *(best[rank - 1] for rank in shown)], ["A", *map(_rank_name, shown)])


def cone_picture() -> Figure:
    """Symmetric 2x2 matrices of rank one: a double cone, and a chord that leaves it."""
    with canvas(height=4.6, subplot_kw={"projection": "3d"}) as (figure, grid):
        axes = grid[0, 0]
        angle, height = np.meshgrid(np.linspace(0, 2 * np.pi, 33), np.linspace(-1, 1, 13))
        x, y = height * np.cos(angle), height * np.sin(angle)
        axes.plot_wireframe(x, y, height, color=INK, lw=0.5, alpha=0.45)
        ends = np.array([[1.0, 0.0, 1.0], [-1.0, 0.0, 1.0]])
        axes.plot(*ends.T, color=REST, lw=2.5, marker="o", ms=6, zorder=9)
        axes.plot(*ends.mean(0)[:, None], color=REST, marker="X", ms=10, zorder=10)
        axes.text(0, 0, 1.34, "midpoint: rank 2", ha="center")
        axes.text(1, 0, 1.15, "rank 1", ha="left")
        axes.text(-1, 0, 1.15, "rank 1", ha="right")
        axes.text(0.16, 0, -0.08, "rank 0", ha="left")
        axes.set(xlabel="(a − d) / 2", ylabel="b = c", zlabel="(a + d) / 2")
        axes.set(xticks=[-1, 0, 1], yticks=[-1, 0, 1], zticks=[-1, 0, 1])
        axes.view_init(elev=14, azim=-72)
        for axis in (axes.xaxis, axes.yaxis, axes.zaxis):
            axis.set_pane_color((1, 1, 1, 0))
    return figure


def landscape_picture(runs: Runs, points: int = 181) -> Figure:
    """The squared distance from a 2x2 matrix to rank-one matrices, over their two angles."""
    A = _first(runs, "two_by_two")
    U, S, V = np.linalg.svd(A)
    theta = np.linspace(0, np.pi, points)
    directions = np.stack([np.cos(theta), np.sin(theta)])
    # For fixed directions u and v the best factor is uᵀ A v, which leaves ‖A‖² − (uᵀ A v)².
    distance = (S**2).sum() - (directions.T @ A @ directions) ** 2
    with canvas() as (figure, grid):
        axes = grid[0, 0]
        filled = axes.contourf(theta, theta, distance, levels=14, cmap="Greys_r", alpha=0.75)
        figure.colorbar(filled, ax=axes, label="‖A − s u vᵀ‖², best s")
        for k, (name, marker, colour) in enumerate(
            (("minimum: keeps σ₁", "o", CRITICAL), ("saddle: keeps σ₂", "s", REST))
        ):
            left, right = _angle(U[:, k]), _angle(V[k])
            axes.plot(right, left, marker=marker, ms=10, color=colour, ls="", label=name)
        axes.set(xlabel="angle of v", ylabel="angle of u", xlim=(0, np.pi), ylim=(0, np.pi))
        ticks, names = [0, np.pi / 2, np.pi], ["0", "π/2", "π"]
        axes.set_xticks(ticks, names)
        axes.set_yticks(ticks, names)
        axes.grid(False)
        figure.legend(loc="outside lower center", ncols=1, fontsize="small")
    return figure


def _strip(pictures: list[np.ndarray], names: list[str]) -> Figure:
    """Small images side by side, all on one scale."""
    largest = max(float(np.abs(picture).max()) for picture in pictures)
    with canvas(1, len(pictures), height=1.6 if len(pictures) > 3 else 2.2) as (figure, grid):
        for axes, picture, name in zip(grid[0], pictures, names, strict=True):
            _show(axes, picture, largest)
            axes.set_title(name, loc="center", fontsize="small")
    return figure


def _show(axes: Axes, picture: np.ndarray, largest: float) -> None:
    side = _side(picture)
    images(axes, picture.reshape(side, side), largest=largest)


def _first(runs: Runs, name: str) -> np.ndarray:
    """An array of the first seed."""
    return next(iter(runs.array(name).values()))


def _side(picture: np.ndarray) -> int:
    return round(picture.size**0.5)


def _power(k: int) -> str:
    return "" if k == 1 else "⁰¹²³"[k]


def _rank_name(rank: int) -> str:
    return f"rank {rank}"


def _angle(direction: np.ndarray) -> float:
    """Between 0 and π: a direction and its negative are the same line."""
    return float(np.arctan2(direction[1], direction[0]) % np.pi)
