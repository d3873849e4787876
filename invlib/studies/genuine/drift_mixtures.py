"""Readings of the mixture: what Fig. 4 of paper genuine may have shown its networks.

The paper gives D(β) = (1 − β) D₁ + β D₂ and says no more: not when images are normalized and by
whose statistics, nor how bright the two are beside each other.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from invlib.studies.genuine.kinds import Trained
from invlib.studies.genuine.second_domain import SecondDomain

OURS = "mixed"


@dataclass(frozen=True)
class Pairs:
    """A network, images [n, pixels] in [0, 1] for it, and the domain that their partners are of."""

    one: Trained
    first: Tensor
    domain: SecondDomain

    @property
    def second(self) -> Tensor:
        return self.domain.pixels[: len(self.first)]

    @property
    def second_standard(self) -> Tensor:
        return (self.second - self.domain.mean) / self.domain.deviation


Mixture = Callable[[Pairs, float], Tensor]  # what the network is shown at one β


def brighter(factor: float, pairs: Pairs, beta: float) -> Tensor:
    """Pixels mixed as they are, those of the second domain multiplied by a factor."""
    return pairs.one.parts.normalize((1 - beta) * pairs.first + beta * factor * pairs.second)


def own(pairs: Pairs, beta: float) -> Tensor:
    """Each domain normalized by its own mean and deviation, then mixed."""
    return torch.lerp(pairs.one.parts.normalize(pairs.first), pairs.second_standard, beta)


def anew(pairs: Pairs, beta: float) -> Tensor:
    """Mixed, then normalized by the mixture's own mean and deviation."""
    mixed = torch.lerp(pairs.first, pairs.second, beta)
    deviation, mean = torch.std_mean(mixed.double(), correction=0)
    return (mixed - float(mean)) / float(deviation)


def one_sided(pairs: Pairs, beta: float) -> Tensor:
    """The second domain normalized before mixing, the first only after."""
    return pairs.one.parts.normalize(torch.lerp(pairs.first, pairs.second_standard, beta))


MIXTURES: Mapping[str, Mixture] = {
    OURS: partial(brighter, 1.0),
    "own": own,
    "anew": anew,
    "one_sided": one_sided,
    "twice": partial(brighter, 2.0),
    "thrice": partial(brighter, 3.0),
    "fourfold": partial(brighter, 4.0),
}
WORDS = {
    OURS: "pixels mixed, then normalized (ours)",
    "own": "each normalized by its own statistics, then mixed",
    "anew": "mixed, then normalized by the mixture's statistics",
    "one_sided": "only D₂ normalized, mixed, normalized again",
    "twice": "ours, D₂ twice as bright",
    "thrice": "ours, D₂ three times as bright",
    "fourfold": "ours, D₂ four times as bright",
}
