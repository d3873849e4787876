"""Shifts as the world makes them: distortions of graded strength, and attacks on the network."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from invlib.data.distortions import DISTORTIONS
from invlib.experiment import Experiment, Outcome, Report
from invlib.metrics.orbit_logits import orbit_logits
from invlib.saliency.adversarial import fgsm, pgd
from invlib.studies.genuine.kinds import Trained
from invlib.studies.genuine.looked_at import LookedAt
from invlib.studies.genuine.networks import networks
from invlib.studies.genuine.posed import accuracy, divergences, posed
from invlib.training.seeds import stream

GRADES: Mapping[str, tuple[float, ...]] = {
    "noise": (0.1, 0.2, 0.3, 0.4, 0.5),
    "blur": (0.2, 0.4, 0.6, 0.8, 1.0),
    "contrast": (0.2, 0.4, 0.6, 0.8, 0.9),
    "occlusion": (0.1, 0.2, 0.3, 0.4, 0.5),
    "elastic": (0.2, 0.4, 0.6, 0.8, 1.0),
    "affine": (0.2, 0.4, 0.6, 0.8, 1.0),
    "fgsm": (0.01, 0.02, 0.04, 0.07, 0.1),
    "pgd": (0.01, 0.02, 0.04, 0.07, 0.1),
}
ATTACKS = ("fgsm", "pgd")
NATURAL = tuple(name for name in GRADES if name not in ATTACKS)
LOW = 0.1  # a DI up to this counts as low


@dataclass(frozen=True)
class DriftShifts(LookedAt):
    """One network, and how many unseen images are shifted."""

    @property
    def label(self) -> str:
        return f"{self.place}-{self.method}+shifts"


def measure(config: DriftShifts, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """Train, or recall, the networks of some seeds and put each through every shift."""
    found = networks(config.network, seeds, report)
    return [_outcome(config, one, seed) for one, seed in zip(found, seeds, strict=True)]


def _outcome(config: DriftShifts, one: Trained, seed: int) -> Outcome:
    pixels, labels = posed(one, one.parts.test, config.images, seed)
    clean_accuracy, clean_DI = _measured(one, pixels, labels)
    curves: dict[str, np.ndarray] = {"grade": np.arange(len(GRADES["noise"]) + 1)}
    for name, grades in GRADES.items():
        rows = [(clean_accuracy, clean_DI)]
        for grade in grades:
            shifted = _shift(name, one, labels, seed)(pixels, grade)
            rows.append(_measured(one, shifted, labels))
        curves[f"accuracy_{name}"], curves[f"DI_{name}"] = np.array(rows).T
    return Outcome(_metrics(curves), curves=curves)


def _shift(name: str, one: Trained, labels: Tensor, seed: int) -> Callable[[Tensor, float], Tensor]:
    """A shift as a function of images and grade; the same random numbers for every network."""
    generator = stream(seed, f"shift {name}")
    if name == "fgsm":
        return lambda pixels, radius: _attacked(one, pixels, labels, radius, None)
    if name == "pgd":
        return lambda pixels, radius: _attacked(one, pixels, labels, radius, generator)
    return lambda pixels, grade: DISTORTIONS[name](pixels, grade, generator)


def _attacked(
    one: Trained, pixels: Tensor, labels: Tensor, radius: float, generator: torch.Generator | None
) -> Tensor:
    if generator is None:
        return fgsm(one.on_pixels, pixels, labels, radius)
    return pgd(one.on_pixels, pixels, labels, radius, generator=generator)


def _measured(one: Trained, pixels: Tensor, labels: Tensor) -> tuple[float, float]:
    """Accuracy on the images as they are, and DI over their orbits."""
    logits = orbit_logits(one.on_pixels, pixels, one.group)
    return accuracy(logits[:1], labels), float(divergences(logits).mean())


def _metrics(curves: Mapping[str, np.ndarray]) -> dict[str, float]:
    """Means over grades and kinds of shift, and how DI goes with the loss of accuracy."""
    clean = float(curves["accuracy_noise"][0])
    ratio = {n: curves[f"accuracy_{n}"][1:] / clean if clean else np.ones(5) for n in GRADES}
    found = {f"ratio_{name}": float(values.mean()) for name, values in ratio.items()}
    for group, names in (("natural", NATURAL), ("attacks", ATTACKS)):
        divergence = np.concatenate([curves[f"DI_{name}"][1:] for name in names])
        loss = clean - np.concatenate([curves[f"accuracy_{name}"][1:] for name in names])
        found[f"ratio_{group}"] = float(np.mean([found[f"ratio_{name}"] for name in names]))
        found[f"DI_{group}"] = float(divergence.mean())
        found[f"DI_largest_{group}"] = float(divergence.max())
        found[f"loss_at_low_DI_{group}"] = float(loss[divergence <= LOW].max(initial=0.0))
        found[f"rank_correlation_{group}"] = rank_correlation(divergence, loss)
    return found | {"accuracy": clean}


def rank_correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Spearman's rank correlation; 0 where one side is constant up to rounding."""
    if np.ptp(a) < 1e-9 or np.ptp(b) < 1e-9:
        return 0.0
    return float(np.corrcoef(pd.Series(a).rank(), pd.Series(b).rank())[0, 1])


EXPERIMENT = Experiment(
    name="genuine/drift_shifts",
    module=__name__,
    attribute="EXPERIMENT",
    config=DriftShifts,
    data=lambda config: config.dataset,
    run=measure,
    label=lambda config: config.label,
)
