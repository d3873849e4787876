"""What the primer shows: an orbit, an invariant map, approximations of low rank.

No training. Every seed draws its own image, map and 2x2 matrix; milliseconds for all of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from invlib.config import option
from invlib.experiment import Experiment, Outcome, Report
from invlib.groups import Group, rotations
from invlib.metrics import noninvariant_part
from invlib.studies.linear.sample import CLASSES, Sample, training_subsets
from invlib.training.seeds import stream


@dataclass(frozen=True)
class Examples(Sample):
    """Which image, and how many pairs of matrices."""

    samples: int = option(1, "images drawn for each seed; the first is shown", low=1)
    pairs: int = option(1000, "pairs of rank-one matrices whose midpoints are looked at", low=1)


def show(config: Examples, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """Draw and take apart: all seeds together."""
    group = rotations(config.side)
    X, _ = training_subsets(config, seeds)
    image = X[:, 0]
    W = _draw(seeds, "map", CLASSES, group.pixels)
    square = image.unflatten(-1, (config.side, config.side))
    small = _draw(seeds, "2x2", 2, 2)
    singular = torch.linalg.svdvals(square)
    metrics = {
        **_invariant_maps(W, group),
        "rank_two_share": _midpoints_of_full_rank(seeds, config.pairs),
        "low_rank_excess": _excess_over_eckart_young(square, singular),
    }
    report("primer", 1.0)
    return [
        Outcome(
            metrics={name: float(values[i]) for name, values in metrics.items()},
            arrays={
                "orbit": group.orbit(image[i]).numpy(),
                "row": W[i, 0].numpy(),
                "low_rank": _truncations(square[i]).numpy().astype(np.float32),
                "singular_values": singular[i].numpy(),
                "two_by_two": small[i].numpy(),
            },
        )
        for i in range(len(seeds))
    ]


def _invariant_maps(W: Tensor, group: Group) -> dict[str, Tensor]:
    """Proposition 4 both ways, and how many dimensions it leaves to one row of W."""
    G = group.constraint()
    averaged = W - noninvariant_part(W, group)
    elements = range(group.order)
    change = torch.stack([group.act(averaged, k) - averaged for k in elements])
    nullity = group.pixels - torch.linalg.matrix_rank(G)
    # Among the maps with W G = 0, one that is not an average would show that G asks too little.
    null = torch.linalg.svd(G.mT).Vh[group.pixels - nullity :]
    moved = torch.stack([(group.act(null, k) - null).abs().max() for k in elements]).max()
    return {
        "averaged_constraint": torch.linalg.matrix_norm(averaged @ G),
        "averaged_change": change.abs().amax((0, 2, 3)),
        "constraint_change": moved.expand(len(W)),
        "nullity": nullity.double().expand(len(W)),
    }


def _midpoints_of_full_rank(seeds: Sequence[int], pairs: int) -> Tensor:
    """The share of random pairs of 2x2 matrices of rank one whose midpoint has rank two."""
    u, v = _draw(seeds, "left", 2 * pairs, 2, 1), _draw(seeds, "right", 2 * pairs, 1, 2)
    middle = (u @ v).unflatten(1, (pairs, 2)).mean(2)
    return (torch.linalg.det(middle).abs() > 1e-12).double().mean(-1)


def _truncations(square: Tensor) -> Tensor:
    """The best approximation of each rank: [rank, side, side]."""
    U, S, V = torch.linalg.svd(square)
    return torch.cumsum(S[:, None, None] * U.mT[:, :, None] * V[:, None, :], 0)


def _excess_over_eckart_young(square: Tensor, singular: Tensor, steps: int = 50) -> Tensor:
    """By how much other maps of the same rank miss the image more than the truncation does.

    The smallest excess over all ranks and over what alternating least squares finds on its way
    from a random start: if Eckart and Young are right it is never below zero.
    """
    side = square.shape[-1]
    lowest = torch.full((len(square),), torch.inf, dtype=square.dtype)
    for rank in range(1, side):
        dropped = singular[:, rank:].square().sum(-1)
        right = torch.randn(len(square), rank, side, generator=stream(rank, "start")).double()
        for _ in range(steps):
            left = square @ torch.linalg.pinv(right)
            error = torch.linalg.matrix_norm(square - left @ right).square()
            lowest = torch.minimum(lowest, (error - dropped) / singular.square().sum(-1))
            right = torch.linalg.pinv(left) @ square
    return lowest


def _draw(seeds: Sequence[int], purpose: str, *shape: int) -> Tensor:
    """Standard normal numbers [seeds, *shape]."""
    rows = [torch.randn(shape, generator=stream(s, purpose), dtype=torch.float64) for s in seeds]
    return torch.stack(rows)


EXPERIMENT = Experiment(
    name="linear/primer",
    module="invlib.studies.linear.primer_examples",
    attribute="EXPERIMENT",
    config=Examples,
    data=lambda config: config.dataset,
    run=show,
    label=lambda config: "primer",
)
