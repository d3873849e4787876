"""What the notebooks of this part have in common: images, networks, seeds, and the search for ν."""

from collections.abc import Iterable
from dataclasses import dataclass, fields

from invlib.config import option
from invlib.studies.genuine.measured import CHOSEN, EXPERIMENT
from invlib.studies.genuine.networks import Network
from invlib.studies.genuine.sample import GROUPS, Sample
from invlib.studies.genuine.strength_search import chosen_strengths
from invlib.studies.study import Runs, Work


@dataclass(frozen=True)
class Setup(Sample):
    """The parameters that notebooks share; their defaults are those of profile quick."""

    test: int = option(100, "test images", low=1)
    epochs: int = option(10, "passes over the training images", low=1)
    batch: int = option(32, "images per step", low=1)
    width: int = option(64, "hidden units per layer", low=1)
    strengths: tuple[float, ...] = option(
        (1.0, 10.0), "penalty weights ν that the search tries", low=1e-9
    )
    search_seeds: int = option(1, "seeds over which the search averages", low=1)
    seeds: int = option(1, "runs, each with its own split, initialization and batches", low=1)

    def check(self) -> None:
        self.network("R4", "DA")  # every shared value must also suit a network

    def network(self, group: str, method: str, strength: float = 0.0) -> Network:
        """A network of the paper on these images."""
        return Network(**self.shared(Network), group=group, method=method, strength=strength)

    def shared(self, kind: type) -> dict[str, object]:
        """The values of these parameters that a kind of configuration has, too."""
        own = {field.name for field in fields(kind)}
        return {name: value for name, value in self.plain().items() if name in own}

    def search(
        self,
        methods: Iterable[str] = ("IR",),
        groups: Iterable[str] = tuple(GROUPS),
        strengths: Iterable[float] = (),
    ) -> Work:
        """The networks that the search for ν looks at, a batch for each seed."""
        return [
            (EXPERIMENT, self.network(group, method, strength), [seed])
            for group in groups
            for method in methods
            for strength in (strengths or self.strengths)
            for seed in range(self.search_seeds)
        ]

    def plain_networks(
        self,
        methods: Iterable[str] = ("DA", "WT"),
        groups: Iterable[str] = tuple(GROUPS),
    ) -> Work:
        """The networks without a penalty, a batch for each seed."""
        return [
            (EXPERIMENT, self.network(group, method), [seed])
            for group in groups
            for method in methods
            for seed in range(self.seeds)
        ]

    def chosen(self, runs: Runs, methods: Iterable[str] = ("IR",)) -> list[Network]:
        """The regularized networks at the strengths that the search has chosen."""
        strengths = chosen_strengths(runs, methods, GROUPS, [self.dataset])
        return [
            self.network(group, method, strength)
            for (_, group, method), strength in strengths.items()
        ]

    def measured(self, configs: Iterable[Network]) -> Work:
        """Chosen networks as records that a claim can name without knowing their strength."""
        return [(CHOSEN, config, [seed]) for config in configs for seed in range(self.seeds)]
