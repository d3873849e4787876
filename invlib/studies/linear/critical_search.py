"""Looking for critical points that are not on the list, and for where descent ends (Prop. 13).

From random starts one search solves for a vanishing gradient in the layers: it may end in any
critical point, saddles included. Another goes downhill, from random starts and from beside every
listed point. Both use only the gradient; where they end is then compared with the list.

The inputs are made orthonormal first: W₁ P takes the place of W₁. That moves no critical point
and changes the type of none, and gradient descent needs a thousand steps, not many thousands.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from invlib.config import option
from invlib.experiment import Experiment, Outcome, Report
from invlib.metrics.factorized import balanced_factors
from invlib.studies.linear.critical_instance import Instance, points, subsets
from invlib.training.factored import Factors, descend, gradient_norm, settle
from invlib.training.seeds import stream

SETTLED = 1e-7  # a gradient below this, in units in which the largest singular value is one
SAME = 1e-3  # maps that differ by less, in the same units, are the same point
BESIDE = 1e-3  # how far from a listed point, in both layers, descent beside it starts
STEP = 0.3  # of gradient descent; at the minimum, steps below one are stable


@dataclass(frozen=True)
class Search(Instance):
    """An instance, and how long to look."""

    starts: int = option(50, "random starts of each search", low=1)
    descent_steps: int = option(6000, "most steps of gradient descent", low=100)
    settle_steps: int = option(60, "most steps towards a vanishing gradient", low=1)

    @property
    def label(self) -> str:
        return f"{super().label}+search"


@dataclass(frozen=True)
class Listed:
    """The listed points of one subset, in units of the largest singular value."""

    target: Tensor  # Z [classes, coordinates]
    maps: Tensor  # [points, classes, coordinates]: those of rank r, the minimum first, then lower
    full: int  # how many have rank r
    rank: int  # of the target

    @classmethod
    def of(cls, config: Search, X: Tensor, Y: Tensor) -> "Listed":
        by_rank = [points(config, X, Y, rank) for rank in range(config.hidden, 0, -1)]
        zero = torch.zeros_like(by_rank[0].nearest[:1])
        maps = torch.cat([*(some.nearest for some in by_rank), zero])
        unit = by_rank[0].singular_values[0]
        rank = len(by_rank[0].singular_values)
        return cls(by_rank[0].target / unit, maps / unit, len(by_rank[0]), rank)

    def nearest(self, maps: Tensor) -> Tensor:
        """The place on the list of each of these maps; -1 where there is none."""
        distance, place = torch.cdist(maps.flatten(1), self.maps.flatten(1)).min(1)
        return torch.where(distance < SAME, place, -1)


def search(config: Search, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """Both searches for all seeds at once, and what each of their ends is."""

    def done(fraction: float) -> None:
        report(f"critical points {config.label}, {len(seeds)} seeds", fraction)

    X, Y = subsets(config, seeds)
    lists = [Listed.of(config, x, y) for x, y in zip(X, Y, strict=True)]
    generators = [stream(seed, "starts") for seed in seeds]
    random = [_random(config, *own) for own in zip(lists, generators, strict=True)]
    beside = [_beside(config, *own) for own in zip(lists, generators, strict=True)]
    done(0.1)
    found = _together(lists, random, lambda Z, start: settle(Z, start, steps=config.settle_steps))
    done(0.5)
    starts = [_joined(*both) for both in zip(random, beside, strict=True)]
    ended = _together(
        lists, starts, lambda Z, start: descend(Z, start, step=STEP, steps=config.descent_steps)
    )
    done(1.0)
    return [_outcome(config, *own) for own in zip(lists, found, ended, strict=True)]


def _random(config: Search, listed: Listed, generator: torch.Generator) -> Factors:
    """Half of the starts: random layers of many sizes. The others: Z on a random subspace of its.

    The latter have the best first layer for their second one, as all points of rank r do, and are
    as near to saddles that keep small singular values as to those that keep large ones.
    """
    m, k = listed.target.shape
    r, half = config.hidden, config.starts // 2
    draw = {"generator": generator, "dtype": listed.target.dtype}
    size = 10 ** -torch.rand(config.starts - half, 1, 1, **draw)  # 0.1 to 1
    layers = (
        size * torch.randn(config.starts - half, m, r, **draw) / m**0.5,
        size * torch.randn(config.starts - half, r, k, **draw) / k**0.5,
    )
    span = torch.linalg.svd(listed.target, full_matrices=False).U[:, : listed.rank]
    basis = torch.linalg.qr(span @ torch.randn(half, listed.rank, r, **draw)).Q
    return _joined(layers, balanced_factors(basis @ basis.mT @ listed.target, r))


def _beside(config: Search, listed: Listed, generator: torch.Generator) -> Factors:
    """Layers next to every listed point, those of lower rank included."""
    return tuple(
        layer + BESIDE * torch.randn(layer.shape, generator=generator, dtype=layer.dtype)
        for layer in balanced_factors(listed.maps, config.hidden)
    )


def _joined(some: Factors, others: Factors) -> Factors:
    return tuple(torch.cat(pair) for pair in zip(some, others, strict=True))


def _together(
    lists: Sequence[Listed], starts: Sequence[Factors], move: Callable[[Tensor, Factors], Factors]
) -> list[Factors]:
    """Move the starts of all seeds as one batch."""
    counts = [len(second) for second, _ in starts]
    copies = [own.target.expand(n, -1, -1) for own, n in zip(lists, counts, strict=True)]
    second, first = (torch.cat(layers) for layers in zip(*starts, strict=True))
    second, first = move(torch.cat(copies), (second, first))
    return list(zip(second.split(counts), first.split(counts), strict=True))


def _outcome(config: Search, listed: Listed, found: Factors, ended: Factors) -> Outcome:
    settled = gradient_norm(listed.target, found) < SETTLED
    place = listed.nearest(found[0] @ found[1])[settled]
    hits = torch.bincount(place[place >= 0], minlength=len(listed.maps))
    down = gradient_norm(listed.target, ended)
    end = listed.nearest(ended[0] @ ended[1])
    at_minimum = end == 0
    elsewhere = ~at_minimum & (down < SETTLED)
    random = torch.arange(len(end)) < config.starts
    metrics = {
        "starts": config.starts,
        "settled": int(settled.sum()),
        "unknown": int((place < 0).sum()),
        "at_full_rank": int(hits[: listed.full].sum()),
        "at_lower_rank": int(hits[listed.full :].sum()),
        "reached": int((hits[: listed.full] > 0).sum()),
        "reached_lower": int((hits[listed.full :] > 0).sum()),
        "listed": listed.full,
        "listed_lower": len(listed.maps) - listed.full,
        "ended_at_minimum": float(at_minimum[random].double().mean()),
        "released_to_minimum": float(at_minimum[~random].double().mean()),
        "ended_elsewhere": int(elsewhere.sum()),
        "still_moving": int((~at_minimum & ~elsewhere).sum()),
    }
    return Outcome(metrics=metrics, arrays={"hits": hits.numpy().astype(np.int16)})


EXPERIMENT = Experiment(
    name="linear/critical_search",
    module="invlib.studies.linear.critical_search",
    attribute="EXPERIMENT",
    config=Search,
    data=lambda config: config.dataset,
    run=search,
    label=lambda config: config.label,
)
