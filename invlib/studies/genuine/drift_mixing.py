"""Drift by mixing: D(β) = (1 − β) D₁ + β D₂, and how a network follows (genuine, Fig. 4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from invlib.config import option
from invlib.errors import UsageError
from invlib.experiment import Experiment, Outcome, Report
from invlib.metrics.orbit_logits import orbit_logits
from invlib.studies.genuine.drift_readings import all_readings, others
from invlib.studies.genuine.drifting import Drifting, accuracy, posed, poses
from invlib.studies.genuine.kinds import Trained
from invlib.studies.genuine.networks import networks
from invlib.studies.genuine.sample import DATASETS
from invlib.studies.genuine.second_domain import PHOTOGRAPHS, SecondDomain, second_domain

BETAS = np.linspace(0, 0.5, 10)  # the paper's
SECOND = (*(name for name in DATASETS if name != "digits"), PHOTOGRAPHS)
ORDERS = {  # by whose mean and deviation pixels are normalized, and when
    "mixed": "training set's, after mixing (ours)",
    "own": "each domain's own, before mixing",
    "anew": "the mixture's, after mixing",
}


@dataclass(frozen=True)
class DriftMixing(Drifting):
    """A network, the domain its images drift to, and how many images other readings get."""

    second: str = option(PHOTOGRAPHS, "what the images are mixed with", choices=SECOND)
    few: int = option(300, "images under the other readings", low=1)

    def check(self) -> None:
        super().check()
        check_second(self.dataset, self.second)
        if self.few > min(self.images, self.train):
            raise UsageError(
                f"parameter few is {self.few}; it must be at most images and train, "
                f"{min(self.images, self.train)}."
            )

    @property
    def label(self) -> str:
        return f"{self.place}-{self.method}"


def check_second(dataset: str, second: str) -> None:
    """Refuse a second domain that is the first one, or that has images of another size."""
    fitting = [s for s in SECOND if s != dataset and (dataset != "digits" or s == PHOTOGRAPHS)]
    if second not in fitting:
        raise UsageError(
            f"parameter second is {second!r}; for dataset {dataset} it must be one of: "
            f"{', '.join(fitting)}."
        )


def measure(config: DriftMixing, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """Train, or recall, the networks of some seeds and follow each along β."""
    found = networks(config.network, seeds, report)
    return [_outcome(config, one, seed) for one, seed in zip(found, seeds, strict=True)]


def _outcome(config: DriftMixing, one: Trained, seed: int) -> Outcome:
    pixels, labels = posed(one, config.images, seed)
    domain = second_domain(config, config.second, one.parts.side, seed)
    turn = poses(one.group, len(domain.pixels), seed, "poses of the second domain")
    domain = SecondDomain(one.group.act(domain.pixels, turn), domain.mean, domain.deviation)
    curves: dict[str, list[float]] = {}
    for beta in BETAS:
        x = _normalized("mixed", one, domain, pixels, beta)
        logits = orbit_logits(one.logits, x, one.group)
        row = {"accuracy": accuracy(logits, labels)}
        row |= {f"DI_{name}": value for name, value in all_readings(logits, labels).items()}
        row |= _other_orders(config.few, one, domain, pixels, labels, beta)
        row["DI_training"] = _on_training_images(config.few, one, domain, beta)
        for name, value in row.items():
            curves.setdefault(name, []).append(value)
    arrays = {name: np.array(values) for name, values in curves.items()}
    for order in ("", *(f"_{name}" for name in ORDERS if name != "mixed")):
        arrays[f"ratio{order}"] = _ratio(arrays[f"accuracy{order}"])
    return Outcome(_metrics(arrays), curves={"beta": BETAS, **arrays})


def _normalized(
    order: str, one: Trained, domain: SecondDomain, pixels: Tensor, beta: float
) -> Tensor:
    """The mixture as the network is shown it, under one reading of when to normalize."""
    second = domain.pixels[: len(pixels)]
    if order == "own":
        standard = (second - domain.mean) / domain.deviation
        return torch.lerp(one.parts.normalize(pixels), standard, float(beta))
    mixed = torch.lerp(pixels, second, float(beta))
    if order == "anew":
        deviation, mean = torch.std_mean(mixed.double(), correction=0)
        return (mixed - float(mean)) / float(deviation)
    return one.parts.normalize(mixed)


def _other_orders(
    few: int, one: Trained, domain: SecondDomain, pixels: Tensor, labels: Tensor, beta: float
) -> Mapping[str, float]:
    found = {}
    for order in ORDERS:
        if order != "mixed":
            x = _normalized(order, one, domain, pixels[:few], beta)
            logits = orbit_logits(one.logits, x, one.group)
            found[f"accuracy_{order}"] = accuracy(logits, labels[:few])
            found[f"DI_{order}"] = others(logits, labels[:few])
    return found


def _on_training_images(few: int, one: Trained, domain: SecondDomain, beta: float) -> float:
    part = one.parts.train
    x = _normalized("mixed", one, domain, part.pixels[:few], beta)
    return others(orbit_logits(one.logits, x, one.group), part.labels[:few])


def _ratio(accuracies: np.ndarray) -> np.ndarray:
    """Accuracy over that without drift. A network that is never right has none to lose: 1."""
    return accuracies / accuracies[0] if accuracies[0] > 0 else np.ones_like(accuracies)


def _metrics(curves: Mapping[str, np.ndarray]) -> dict[str, float]:
    """The curves at single β, by name, so that claims can ask for them; and their summaries."""
    found = {"ratio_mean": float(curves["ratio"][1:].mean())}
    found["DI_largest"] = float(curves["DI_others"].max())
    for name, short in (("ratio", "ratio"), ("DI_others", "DI")):
        for beta, value in zip(BETAS, curves[name], strict=True):
            found[f"{short}_at_{beta:.3f}"] = float(value)
    return found


EXPERIMENT = Experiment(
    name="genuine/drift_mixing",
    module=__name__,
    attribute="EXPERIMENT",
    config=DriftMixing,
    data=lambda config: config.dataset,
    run=measure,
    label=lambda config: config.label,
)
