"""What a network does as its images drift, D(β) = (1 − β) D₁ + β D₂ (genuine, Fig. 4)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from invlib.config import option
from invlib.errors import UsageError
from invlib.experiment import Outcome
from invlib.metrics.orbit_logits import orbit_logits
from invlib.studies.genuine.drift_mixtures import MIXTURES, OURS, Mixture, Pairs
from invlib.studies.genuine.drift_readings import all_readings, others
from invlib.studies.genuine.kinds import Trained
from invlib.studies.genuine.posed import accuracy, posed, poses
from invlib.studies.genuine.sample import DATASETS, Part, Sample
from invlib.studies.genuine.second_domain import PHOTOGRAPHS, SecondDomain, second_domain

Curves = dict[str, np.ndarray]  # over β
BETAS = np.linspace(0, 0.5, 10)  # the paper's
SECOND = (*(name for name in DATASETS if name != "digits"), PHOTOGRAPHS)


@dataclass(frozen=True)
class Drifting(Sample):
    """The domain that images drift to, and how many of them a network is shown."""

    second: str = option(PHOTOGRAPHS, "what the images are mixed with", choices=SECOND)
    images: int = option(60, "test images that it is looked at with", low=1)
    few: int = option(60, "images under the other readings", low=1)

    def check(self) -> None:
        super().check()
        fitting = [s for s in SECOND if s != self.dataset]
        if self.dataset == "digits":  # the other data sets are larger
            fitting = [PHOTOGRAPHS]
        if self.second not in fitting:
            raise UsageError(
                f"parameter second is {self.second!r}; for dataset {self.dataset} it must be one "
                f"of: {', '.join(fitting)}."
            )
        if self.images > self.test:
            raise UsageError(
                f"parameter images is {self.images}; it must be at most test, {self.test}."
            )
        if self.few > min(self.images, self.train):
            raise UsageError(
                f"parameter few is {self.few}; it must be at most images and train, "
                f"{min(self.images, self.train)}."
            )


def followed(config: Drifting, one: Trained, seed: int) -> Outcome:
    """A network along β: every mixture, on unseen images and on those of the training.

    As we read the paper, on unseen images, there are more of them, and every reading of DI.
    """
    domain = second_domain(config, config.second, one.parts.side, seed)
    turn = poses(one.group, len(domain.pixels), seed, "poses of the second domain")
    domain = SecondDomain(one.group.act(domain.pixels, turn), domain.mean, domain.deviation)
    curves = {}
    for ending, part in (("", one.parts.test), ("_training", one.parts.train)):
        for name, mixture in MIXTURES.items():
            figure = (name, ending) == (OURS, "")
            images = config.images if figure else config.few
            found = _along(mixture, one, part, images, domain, seed, every_reading=figure)
            curves |= {curve_of(kind, name, ending): values for kind, values in found.items()}
    return Outcome(_metrics(curves), curves={"beta": BETAS, **curves})


def _along(
    mixture: Mixture,
    one: Trained,
    part: Part,
    images: int,
    domain: SecondDomain,
    seed: int,
    *,
    every_reading: bool,
) -> Curves:
    pixels, labels = posed(one, part, images, seed)
    pairs = Pairs(one, pixels, domain)
    rows = []
    for beta in BETAS:
        logits = orbit_logits(one.logits, mixture(pairs, float(beta)), one.group)
        row = {"accuracy": accuracy(logits, labels), "DI": others(logits, labels)}
        if every_reading:
            row |= {f"DI_{name}": v for name, v in all_readings(logits, labels).items()}
        rows.append(row)
    curves = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    return {"ratio": _ratio(curves["accuracy"]), **curves}


def curve_of(kind: str, mixture: str, ending: str = "") -> str:
    """The name of a curve: accuracy, ratio or DI under one mixture, `_training` or nothing."""
    return kind + ending + ("" if mixture == OURS else f"_{mixture}")


def _ratio(accuracies: np.ndarray) -> np.ndarray:
    """Accuracy over that without drift. A network that is never right has none to lose: 1."""
    return accuracies / accuracies[0] if accuracies[0] > 0 else np.ones_like(accuracies)


def _metrics(curves: Mapping[str, np.ndarray]) -> dict[str, float]:
    """The curves at single β, by name, so that claims can ask for them; and their summaries."""
    found = {"ratio_mean": float(curves["ratio"][1:].mean())}
    found["DI_largest"] = float(curves["DI"].max())
    for name in ("ratio", "DI"):
        for beta, value in zip(BETAS, curves[name], strict=True):
            found[f"{name}_at_{beta:.3f}"] = float(value)
    return found
