"""Does a transformation change the data distribution? The energy distance with permutations.

For samples A of D and B of g D the statistic is 2 E‖a − b‖ − E‖a − a'‖ − E‖b − b'‖, which is zero
in expectation exactly if the two distributions are the same (Székely and Rizzo 2004). Under that
hypothesis the labels "A" and "B" can be exchanged, which gives a p-value without assumptions.
"""

import torch
from torch import Tensor

from invlib.errors import UsageError


def energy_p_value(
    a: Tensor, b: Tensor, *, permutations: int, generator: torch.Generator
) -> tuple[float, float]:
    """The statistic of a [n, d] and b [m, d], and the share of relabellings at least as extreme.

    The sample's own labelling counts as one of them, so p is at least 1/(permutations + 1) and the
    test keeps its level exactly.
    """
    statistics = energy_statistics(
        torch.cdist(a, a), torch.cdist(a, b), torch.cdist(b, b), labellings(len(a), len(b), permutations, generator)
    )
    return float(statistics[0]), float((statistics >= statistics[0]).double().mean())


def labellings(n: int, m: int, permutations: int, generator: torch.Generator) -> Tensor:
    """Weights 1/n of one sample and −1/m of the other [1 + permutations, n + m], the true one first."""
    if min(n, m) < 2 or permutations < 1:
        raise UsageError(
            f"samples of {n} and {m} and {permutations} permutations: take at least two images in "
            "each sample, and one permutation."
        )
    weights = torch.cat([torch.full((n,), 1 / n), torch.full((m,), -1 / m)])
    shuffled = [weights[torch.randperm(n + m, generator=generator)] for _ in range(permutations)]
    return torch.stack([weights, *shuffled])


def energy_statistics(aa: Tensor, ab: Tensor, bb: Tensor, weights: Tensor) -> Tensor:
    """The statistic of every labelling, from distances within and between the samples.

    With weights w it is −wᵀ D w, where D holds all distances of the pooled sample.
    """
    distances = torch.cat([torch.cat([aa, ab], 1), torch.cat([ab.mT, bb], 1)]).to(weights)
    return -((weights @ distances) * weights).sum(1)
