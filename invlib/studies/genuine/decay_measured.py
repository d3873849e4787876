"""One penalized network, measured on unseen images, and again as the one that a rule has chosen."""

from collections.abc import Sequence
from dataclasses import dataclass

from invlib.config import option
from invlib.experiment import Experiment, Outcome, Report
from invlib.studies.genuine.decay_networks import Penalized, networks
from invlib.studies.genuine.measured import outcome
from invlib.studies.genuine.narrowed import narrowed

FEW_IMAGES = 500  # under SI, each with its whole orbit, and under the mean of σ_max(J)


@dataclass(frozen=True)
class Chosen(Penalized):
    """A network that was chosen, under the name of what it was chosen as."""

    role: str = option("", "what claims call it; its penalty's name if empty")

    @property
    def label(self) -> str:
        return f"{self.place}-{self.role or self.penalty}"


def measure(config: Penalized, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """Train, or recall, the networks of some seeds and measure each."""
    return [outcome(one, saliency=FEW_IMAGES) for one in networks(config, seeds, report)]


def measure_chosen(config: Chosen, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """The same for a network that was chosen, which on another group is trained only now."""
    return measure(narrowed(config, Penalized), seeds, report)


EXPERIMENT = Experiment(
    name="genuine/penalized",
    module=__name__,
    attribute="EXPERIMENT",
    config=Penalized,
    data=lambda config: config.dataset,
    run=measure,
    label=lambda config: config.label,
)

CHOSEN = Experiment(
    name="genuine/chosen_penalty",
    module=__name__,
    attribute="CHOSEN",
    config=Chosen,
    data=lambda config: config.dataset,
    run=measure_chosen,
    label=lambda config: config.label,
)
