"""A two-layer network trained on images made smaller in another way: its last numbers alone.

The paper does not say how images are made smaller. This shows what the choice does to what
training reaches, where no closed form does.
"""

from collections.abc import Sequence

from invlib.experiment import Experiment, Outcome, Report
from invlib.studies.linear.two_layer import TwoLayer, train


def last_numbers(config: TwoLayer, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """The metrics of the trained networks, without curves."""
    return [Outcome(outcome.metrics) for outcome in train(config, seeds, report)]


EXPERIMENT = Experiment(
    name="linear/pooled",
    module="invlib.studies.linear.pooled",
    attribute="EXPERIMENT",
    config=TwoLayer,
    data=lambda config: config.dataset,
    run=last_numbers,
    label=lambda config: f"{config.pooling}-{config.label}",
)
