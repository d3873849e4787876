"""Whether invariance survives when the images change (genuine, Fig. 4; and our own question)."""

from dataclasses import dataclass

from invlib.config import option
from invlib.errors import UsageError
from invlib.studies.genuine import drift_mixing, drift_pooled, drift_shifts
from invlib.studies.genuine.drift_curves import SECOND
from invlib.studies.genuine.drift_mixing import DriftMixing
from invlib.studies.genuine.drift_pooled import DriftPooled
from invlib.studies.genuine.drift_shifts import DriftShifts
from invlib.studies.genuine.networks import Network
from invlib.studies.genuine.pooled_networks import POOLED_SEEDS, Pooled
from invlib.studies.genuine.sample import GROUPS
from invlib.studies.genuine.setup import Setup
from invlib.studies.study import Runs, Study, Work


@dataclass(frozen=True)
class Drift(Setup):
    """The notebook's parameters."""

    strengths: tuple[float, ...] = option(
        (3.0,), "penalty weights ν that the search tries", low=1e-9
    )
    second: str = option("photographs", "what the images are mixed with", choices=SECOND)
    mixed: int = option(60, "test images that are mixed", low=1)
    few: int = option(20, "images under the other readings of DI", low=1)
    shifted: int = option(20, "test images under every realistic shift", low=1)

    def check(self) -> None:
        super().check()
        if self.search_seeds > self.seeds:
            raise UsageError(
                f"parameter search_seeds is {self.search_seeds}; it must be at most seeds, "
                f"{self.seeds}."
            )
        self.drifting(self.network("R4", "DA"))

    def drifting(self, network: Network) -> tuple[DriftMixing, DriftShifts]:
        """One network, mixed and shifted."""
        own = network.plain()
        mixing = DriftMixing(**own, images=self.mixed, few=self.few, second=self.second)
        return mixing, DriftShifts(**own, images=self.shifted)

    def pooled(self) -> Work:
        """WT whose first layer takes the maximum over the group, mixed."""
        mixing = {"images": self.mixed, "few": self.few, "second": self.second}
        own = [Pooled(**self.shared(Pooled), group=g, pooling="max") for g in GROUPS]
        return [
            (drift_pooled.EXPERIMENT, DriftPooled(**one.plain(), **mixing), [seed])
            for one in own
            for seed in range(min(self.seeds, POOLED_SEEDS))
        ]

    def followed(self, network: Network) -> Work:
        """A batch per seed and experiment, so that each record is kept as it finishes."""
        mixing, shifts = self.drifting(network)
        work: list[tuple] = []
        for seed in range(self.seeds):
            work.append((drift_mixing.EXPERIMENT, mixing, [seed]))
            work.append((drift_shifts.EXPERIMENT, shifts, [seed]))
        return work


def plan(parameters: Drift) -> Work:
    """The search for ν, the same as that of table1; and DA and WT, which need none."""
    plain = [parameters.network(group, method) for group in GROUPS for method in ("DA", "WT")]
    followed = [work for one in plain for work in parameters.followed(one)]
    return [*parameters.search(), *followed, *parameters.pooled()]


def then(parameters: Drift, runs: Runs) -> Work:
    """The regularized networks, at the ν that the search has chosen."""
    return [work for one in parameters.chosen(runs) for work in parameters.followed(one)]


def runs_of(runs: Runs, method: str) -> Runs:
    """Those of one method: DA, WT, IR, or WT+max, which is WT with the maximum for its pooling."""
    return runs.where(pooling="max") if method == "WT+max" else runs.where(method=method)


STUDY = Study(parameters=Drift, plan=plan, then=then, suits=Drift.check_against)
