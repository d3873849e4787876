"""How continuous a path is on a grid: its largest step, and the gap that it depends on."""

from collections.abc import Sequence

import torch
from torch import Tensor

from invlib.closed_form.path import RegularizedPath

CHUNK = 240  # strengths whose maps are held at once


def decades(low: float, high: float, per_decade: int) -> Tensor:
    """Strengths from 10^low to 10^high, evenly spaced on a logarithmic axis."""
    points = round((high - low) * per_decade) + 1
    return torch.logspace(low, high, points, dtype=torch.float64)


def largest_steps(
    path: RegularizedPath,
    rank: int,
    span: tuple[float, float],
    densities: Sequence[int],
    scale: float = 1.0,
) -> Tensor:
    """The largest ‖Ŵ_reg(λ') − Ŵ_reg(λ)‖ of neighbouring strengths: [..., densities].

    One grid over the decades of `span` for each number of strengths per decade. On a continuous
    path the steps go to zero as the grid gets finer, and where it has a slope, in proportion.
    `scale` times a strength is that of eq. 7.
    """
    found = []
    for density in densities:
        strengths = scale * decades(*span, density)
        parts = []
        for start in range(0, len(strengths) - 1, CHUNK):
            maps = path.maps(strengths[start : start + CHUNK + 1], rank)
            parts.append(torch.linalg.matrix_norm(maps.diff(dim=-3)).amax(-1))
        found.append(torch.stack(parts, -1).amax(-1))
    return torch.stack(found, -1)


def relative_gap(singular_values: Tensor, rank: int) -> Tensor:
    """(σ_r − σ_{r+1}) / σ_r for descending values [..., values]; 1 where no value is left over."""
    if rank == singular_values.shape[-1]:
        return torch.ones_like(singular_values[..., 0])
    return 1 - singular_values[..., rank] / singular_values[..., rank - 1]
