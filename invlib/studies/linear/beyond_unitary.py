"""Theorem 12 beyond its assumption of a unitary representation (next check 1 of the summary)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from invlib.config import Config, option
from invlib.data.description import Manifest
from invlib.experiment import Experiment
from invlib.studies.linear import (
    full_orbits,
    least_norm,
    more_images,
    partial_orbits,
    shear_powers,
    small_angles,
)
from invlib.studies.linear.full_orbits import GROUPS, FullOrbit
from invlib.studies.linear.least_norm import COORDINATES, LeastNorm
from invlib.studies.linear.more_images import MoreImages
from invlib.studies.linear.partial_orbits import ALL, PartialOrbit
from invlib.studies.linear.sample import CLASSES, Sample
from invlib.studies.linear.shear_powers import ShearPowers
from invlib.studies.linear.small_angles import SmallAngles
from invlib.studies.study import Study

PARTS = ((0,), (0, 1), (0, 2), (0, 1, 2), ALL)  # of the four quarter turns


@dataclass(frozen=True)
class BeyondUnitary(Sample):
    """The notebook's parameters."""

    few: int = option(10, "images in the case of few images", low=1)
    sizes: tuple[int, ...] = option((80, 160, 320, 640, 1280), "growing numbers of images", low=1)
    hidden: int = option(5, "hidden units: the rank bound r", low=1, high=CLASSES)
    leans: tuple[float, ...] = option(
        (0.05, 0.25, 0.5, 0.75, 0.95),
        "how much the plain image outweighs its turns (0: not, 1: alone)",
        low=1e-6,
        high=1 - 1e-6,
    )
    counts: tuple[int, ...] = option(
        (3, 4, 5, 8, 16, 32), "equally spaced turns by small angles", low=1
    )
    seeds: int = option(3, "runs, each with its own subset and random numbers", low=1)

    def images(self, kind: type[Sample], **own: object) -> Sample:
        """The configuration of an experiment on images, with what all of them share."""
        shared = {"dataset": self.dataset, "side": self.side, "pooling": self.pooling}
        return kind(**{**shared, "samples": self.samples, "hidden": self.hidden, **own})

    def check_against(self, manifest: Manifest) -> None:
        for samples in (self.samples, self.few, max(self.sizes)):
            super(BeyondUnitary, replace(self, samples=samples)).check_against(manifest)


def plan(parameters: BeyondUnitary) -> Sequence[tuple[Experiment, Config, Sequence[int]]]:
    """Whole orbits on random numbers; parts of orbits and missing directions on images.

    With few images every target is met, and its singular values, the roots of the class sizes,
    often coincide. The bounded optimum is then not unique, so few images go without a bound.
    """
    work = [(full_orbits.EXPERIMENT, FullOrbit(group=group)) for group in GROUPS]
    work.append((shear_powers.EXPERIMENT, ShearPowers()))
    for turns in PARTS:
        work.append((partial_orbits.EXPERIMENT, parameters.images(PartialOrbit, turns=turns)))
    for lean in parameters.leans:
        work.append((partial_orbits.EXPERIMENT, parameters.images(PartialOrbit, lean=lean)))
    counts = parameters.counts
    work.append((small_angles.EXPERIMENT, parameters.images(SmallAngles, counts=counts)))
    for population in ("upright", "turned"):
        sizes, most = parameters.sizes, max(parameters.sizes)
        config = parameters.images(MoreImages, samples=most, sizes=sizes, population=population)
        work.append((more_images.EXPERIMENT, config))
    for name in COORDINATES:
        work.append((least_norm.EXPERIMENT, parameters.images(LeastNorm, coordinates=name)))
        few = parameters.images(LeastNorm, coordinates=name, samples=parameters.few, hidden=CLASSES)
        work.append((least_norm.EXPERIMENT, few))
    seeds = range(parameters.seeds)
    return [(experiment, config, seeds) for experiment, config in work]


STUDY = Study(parameters=BeyondUnitary, plan=plan, suits=BeyondUnitary.check_against)
