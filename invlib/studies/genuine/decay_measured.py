"""One penalized network, measured on unseen images, and again as the one that a rule has chosen."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import torch

from invlib.config import option
from invlib.experiment import Experiment, Outcome, Report
from invlib.metrics.jacobian import jacobian_norm
from invlib.metrics.orbit_accuracy import orbit_accuracy
from invlib.metrics.predictions import logit_invariance_error, predictive_invariance_error
from invlib.metrics.similarity import saliency_similarity
from invlib.studies.genuine.decay_networks import Penalized, networks
from invlib.studies.genuine.kinds import Trained
from invlib.studies.genuine.sample import Part

ERROR_IMAGES = 10_000  # test images under the averages LI and DI, at most
FEW_IMAGES = 500  # under SI, each with its whole orbit, and under the mean of σ_max(J)


@dataclass(frozen=True)
class Chosen(Penalized):
    """A network that was chosen, under the name of what it was chosen as."""

    role: str = option("", "what claims call it; its penalty's name if empty")

    def network(self) -> Penalized:
        """The network itself, as it was trained before it was chosen."""
        return Penalized(**{field.name: getattr(self, field.name) for field in fields(Penalized)})

    @property
    def label(self) -> str:
        return f"{self.place}-{self.role or self.penalty}"


def measure(config: Penalized, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """Train, or recall, the networks of some seeds and measure each."""
    return [_outcome(one) for one in networks(config, seeds, report)]


def measure_chosen(config: Chosen, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """The same for a network that was chosen, which on another group is trained only now."""
    return measure(config.network(), seeds, report)


def _outcome(one: Trained) -> Outcome:
    test, validation = one.parts.test, one.parts.validation
    x = one.parts.normalize(test.pixels)
    few = x[:ERROR_IMAGES]
    unseen = one.parts.normalize(validation.pixels)
    with torch.no_grad():
        logits = one.logits(few).double()
    metrics = {
        "accuracy": orbit_accuracy(one.logits, x, test.labels, one.group),
        "LI": logit_invariance_error(one.logits, few, one.group),
        "DI": predictive_invariance_error(one.logits, few, one.group),
        "SI": _similarity(one, test),
        "sigma_max": float(jacobian_norm(one.logits, x[:FEW_IMAGES]).double().mean()),
        "logit_variance": float(logits.var(0).sum()),
        "validation_accuracy": orbit_accuracy(one.logits, unseen, validation.labels, one.group),
        "validation_SI": _similarity(one, validation),
        "best_epoch": float(one.best_epoch),
    }
    return Outcome(metrics)


def _similarity(one: Trained, part: Part) -> float:
    """SI on pixels, so that the baseline of the integrated gradients is a black image."""
    pixels, labels = part.pixels[:FEW_IMAGES], part.labels[:FEW_IMAGES]
    return saliency_similarity(one.on_pixels, pixels, labels, one.group)


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
