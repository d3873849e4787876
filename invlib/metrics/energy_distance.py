"""Does a transformation change the data distribution? The energy distance with permutations.

For samples A of D and B of g D the statistic is 2 E‖a − b‖ − E‖a − a'‖ − E‖b − b'‖, which is zero
in expectation exactly if the two distributions are the same (Székely and Rizzo 2004). Under that
hypothesis "A" and "B" can be exchanged, which gives a p-value without further assumptions.

With classes the question is whether (g x, y) is distributed as (x, y): the statistic is the mean of
those within classes, and exchanges stay within a class.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from invlib.errors import UsageError


@dataclass(frozen=True)
class Exchanges:
    """The ways to divide a pooled sample in two: the true one first, then random ones."""

    weights: Tensor  # [1 + permutations, n + m]; of one sample positive, of the other negative
    comparable: Tensor  # [n + m, n + m]: 1 for pairs of one class, else 0

    def statistics(self, aa: Tensor, ab: Tensor, bb: Tensor) -> Tensor:
        """The statistic of every division, from distances within and between the samples.

        With weights w it is −wᵀ D w, where D holds the distances of comparable pairs.
        """
        distances = torch.cat([torch.cat([aa, ab], 1), torch.cat([ab.mT, bb], 1)])
        distances = (distances * self.comparable).to(self.weights)
        return -((self.weights @ distances) * self.weights).sum(1)

    def p_value(self, statistics: Tensor) -> float:
        """The share of divisions at least as extreme as the true one, itself included.

        So p is at least 1/(permutations + 1), and a test at any level keeps it.
        """
        # Rounding differs from division to division; what is equal but for it counts as equal.
        slack = 1e-6 * statistics[0].abs()
        return float((statistics >= statistics[0] - slack).double().mean())


def exchanges(a: Tensor, b: Tensor, permutations: int, generator: torch.Generator) -> Exchanges:
    """Divisions of two samples with classes a [n] and b [m]; equal classes where there are none."""
    if min(len(a), len(b)) < 2 or permutations < 1:
        raise UsageError(
            f"samples of {len(a)} and {len(b)} and {permutations} permutations: take at least two "
            "images in each sample, and one permutation."
        )
    classes = torch.cat([a, b])
    first = torch.zeros(len(classes), dtype=torch.bool)
    first[: len(a)] = True
    weights = torch.zeros(1 + permutations, len(classes))
    for label in classes.unique():
        own = (classes == label).nonzero().squeeze(1)
        n, m = int(first[own].sum()), int((~first[own]).sum())
        if n == 0 or m == 0:
            continue  # a class seen on one side alone says nothing
        share = (len(own) / len(classes)) ** 0.5
        values = torch.where(first[own], share / n, -share / m)
        weights[0, own] = values
        for row in weights[1:]:
            row[own] = values[torch.randperm(len(own), generator=generator)]
    return Exchanges(weights, (classes[:, None] == classes).float())
