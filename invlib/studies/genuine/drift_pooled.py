"""Drift by mixing, for weight-tied networks with other poolings (genuine, Fig. 4)."""

from collections.abc import Sequence
from dataclasses import dataclass

from invlib.experiment import Experiment, Outcome, Report
from invlib.studies.genuine.drift_curves import Drifting, followed
from invlib.studies.genuine.narrowed import narrowed
from invlib.studies.genuine.pooled_networks import Pooled, pooled


@dataclass(frozen=True)
class DriftPooled(Drifting, Pooled):
    """A weight-tied network, and what its images are mixed with."""


def measure(config: DriftPooled, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """Train, or recall, the networks of some seeds and follow each along β."""
    found = pooled(narrowed(config, Pooled), seeds, report)
    return [followed(config, one, seed) for one, seed in zip(found, seeds, strict=True)]


EXPERIMENT = Experiment(
    name="genuine/drift_pooled",
    module=__name__,
    attribute="EXPERIMENT",
    config=DriftPooled,
    data=lambda config: config.dataset,
    run=measure,
    label=lambda config: config.label,
)
