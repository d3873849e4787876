"""Weight-tied networks with other poolings, measured: how much of WT's accuracy is this choice?"""

from collections.abc import Sequence

from invlib.experiment import Experiment, Outcome, Report
from invlib.studies.genuine.measured import outcome
from invlib.studies.genuine.pooled_networks import Pooled, pooled


def measure(config: Pooled, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """Train, or recall, the networks of some seeds and measure each as Table 1 does."""
    return [outcome(one) for one in pooled(config, seeds, report)]


EXPERIMENT = Experiment(
    name="genuine/pooled",
    module=__name__,
    attribute="EXPERIMENT",
    config=Pooled,
    data=lambda config: config.dataset,
    run=measure,
    label=lambda config: config.label,
)
