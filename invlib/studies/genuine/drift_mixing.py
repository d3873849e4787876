"""Drift by mixing: D(β) = (1 − β) D₁ + β D₂, and how a network follows (genuine, Fig. 4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from invlib.config import option
from invlib.errors import UsageError
from invlib.experiment import Experiment, Outcome, Report
from invlib.metrics.orbit_logits import orbit_logits
from invlib.studies.genuine.drift_mixtures import MIXTURES, OURS, Pairs
from invlib.studies.genuine.drift_readings import all_readings, others
from invlib.studies.genuine.kinds import Trained
from invlib.studies.genuine.looked_at import LookedAt
from invlib.studies.genuine.networks import networks
from invlib.studies.genuine.posed import accuracy, posed, poses
from invlib.studies.genuine.sample import DATASETS
from invlib.studies.genuine.second_domain import PHOTOGRAPHS, SecondDomain, second_domain

Curves = dict[str, np.ndarray]  # over β
BETAS = np.linspace(0, 0.5, 10)  # the paper's
SECOND = (*(name for name in DATASETS if name != "digits"), PHOTOGRAPHS)


@dataclass(frozen=True)
class DriftMixing(LookedAt):
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
    domain = second_domain(config, config.second, one.parts.side, seed)
    turn = poses(one.group, len(domain.pixels), seed, "poses of the second domain")
    domain = SecondDomain(one.group.act(domain.pixels, turn), domain.mean, domain.deviation)
    curves = _as_read(config, one, domain, seed)
    curves |= _as_it_may_have_been(config, one, domain, seed)
    for name in [name for name in curves if name.startswith("accuracy")]:
        curves[name.replace("accuracy", "ratio")] = _ratio(curves[name])
    return Outcome(_metrics(curves), curves={"beta": BETAS, **curves})


def _as_read(config: DriftMixing, one: Trained, domain: SecondDomain, seed: int) -> Curves:
    """Unseen images, our mixture; every reading of DI."""
    pixels, labels = posed(one, one.parts.test, config.images, seed)
    rows = []
    for beta in BETAS:
        x = MIXTURES[OURS](Pairs(one, pixels, domain), float(beta))
        logits = orbit_logits(one.logits, x, one.group)
        readings = {f"DI_{name}": v for name, v in all_readings(logits, labels).items()}
        rows.append({"accuracy": accuracy(logits, labels), **readings})
    return _columns(rows)


def _as_it_may_have_been(
    config: DriftMixing, one: Trained, domain: SecondDomain, seed: int
) -> Curves:
    """Fewer images, unseen ones and those of the training; every mixture, our reading of DI."""
    found = {}
    for part, ending in ((one.parts.test, ""), (one.parts.train, "_training")):
        pixels, labels = posed(one, part, config.few, seed)
        for name, mixture in MIXTURES.items():
            if (name, ending) == (OURS, ""):
                continue  # that is the figure itself
            rows = []
            for beta in BETAS:
                x = mixture(Pairs(one, pixels, domain), float(beta))
                logits = orbit_logits(one.logits, x, one.group)
                rows.append({"accuracy": accuracy(logits, labels), "DI": others(logits, labels)})
            columns = _columns(rows)
            found |= {curve_of(kind, name, ending): values for kind, values in columns.items()}
    return found


def curve_of(kind: str, mixture: str, ending: str = "") -> str:
    """The name of a curve: accuracy, ratio or DI under one mixture, `_training` or nothing."""
    if kind == "DI" and (mixture, ending) == (OURS, ""):
        return "DI_others"
    return kind + ending + ("" if mixture == OURS else f"_{mixture}")


def _columns(rows: Sequence[Mapping[str, float]]) -> Curves:
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


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
