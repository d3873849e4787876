"""Networks as they are before training: what the measures of Table 1 give for random weights."""

from collections.abc import Sequence

from invlib.experiment import Experiment, Outcome, Report
from invlib.studies.genuine.kinds import Trained
from invlib.studies.genuine.measured import ERROR_IMAGES, SALIENCY_IMAGES
from invlib.studies.genuine.network_measures import measures
from invlib.studies.genuine.networks import Network, build
from invlib.studies.genuine.sample import GROUPS, prepare
from invlib.training.seeds import stream


def measure(config: Network, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """The initial weights of the networks of some seeds, measured as the trained ones are."""
    return [_outcome(config, seed) for seed in seeds]


def _outcome(config: Network, seed: int) -> Outcome:
    parts = prepare(config, seed)
    network = build(config, parts, [stream(seed, "init")]).requires_grad_(False)
    one = Trained(network, parts, GROUPS[config.group](parts.side), {}, 0)
    sizes = {"errors": ERROR_IMAGES, "saliency": SALIENCY_IMAGES}
    return Outcome(measures(one.logits, parts, parts.test, one.group, **sizes))


EXPERIMENT = Experiment(
    name="genuine/untrained",
    module=__name__,
    attribute="EXPERIMENT",
    config=Network,
    data=lambda config: config.dataset,
    run=measure,
    label=lambda config: f"{config.place}-random",
)
