"""Drift by mixing, for the networks of the paper: DA, WT and IR (genuine, Fig. 4)."""

from collections.abc import Sequence
from dataclasses import dataclass

from invlib.experiment import Experiment, Outcome, Report
from invlib.studies.genuine.drift_curves import Drifting, followed
from invlib.studies.genuine.narrowed import narrowed
from invlib.studies.genuine.networks import Network, networks


@dataclass(frozen=True)
class DriftMixing(Drifting, Network):
    """A network, and what its images are mixed with."""

    @property
    def network(self) -> Network:
        """The network alone, as it is trained and remembered."""
        return narrowed(self, Network)

    @property
    def label(self) -> str:
        return f"{self.place}-{self.method}"


def measure(config: DriftMixing, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """Train, or recall, the networks of some seeds and follow each along β."""
    found = networks(config.network, seeds, report)
    return [followed(config, one, seed) for one, seed in zip(found, seeds, strict=True)]


EXPERIMENT = Experiment(
    name="genuine/drift_mixing",
    module=__name__,
    attribute="EXPERIMENT",
    config=DriftMixing,
    data=lambda config: config.dataset,
    run=measure,
    label=lambda config: config.label,
)
