"""Saliency maps over the orbit of an image, turned back and compared (Figs. 1 and 3)."""

from dataclasses import dataclass

from invlib.config import option
from invlib.data.description import Manifest
from invlib.errors import UsageError
from invlib.experiment import Experiment
from invlib.studies.genuine import orbit_pairs, orbit_pictures, saliency_choices
from invlib.studies.genuine.looked_at import LookedAt
from invlib.studies.genuine.networks import Network
from invlib.studies.genuine.sample import GROUPS
from invlib.studies.genuine.setup import Setup
from invlib.studies.study import Runs, Study, Work


@dataclass(frozen=True)
class OrbitMaps(Setup):
    """The notebook's parameters: those that all of this part share, and how many images."""

    images: int = option(60, "test images whose maps are compared over their orbits", low=2)
    reading_images: int = option(20, "and for each reading of the saliency map", low=2)

    def check_against(self, manifest: Manifest) -> None:
        super().check_against(manifest)
        for name in ("images", "reading_images"):
            if getattr(self, name) > self.test:
                raise UsageError(
                    f"parameter {name} is {getattr(self, name)}; it must be at most test, "
                    f"{self.test}."
                )


def plan(parameters: OrbitMaps) -> Work:
    """The search for ν, and all that needs none."""
    plain = [parameters.network(group, method) for method in ("DA", "WT") for group in GROUPS]
    return [*parameters.search(), *_compared(parameters, plain)]


def then(parameters: OrbitMaps, runs: Runs) -> Work:
    """The same for the regularized networks, and what the readings of the map do."""
    chosen = parameters.chosen(runs)
    readings = _for_all_seeds(
        saliency_choices.EXPERIMENT, chosen, parameters.reading_images, parameters.seeds
    )
    return [*_compared(parameters, chosen), *readings]


def _compared(parameters: OrbitMaps, configs: list[Network]) -> list:
    """Pairs of poses for every seed; pictures for the first."""
    pairs = _for_all_seeds(orbit_pairs.EXPERIMENT, configs, parameters.images, parameters.seeds)
    return pairs + [(orbit_pictures.EXPERIMENT, config, [0]) for config in configs]


def _for_all_seeds(experiment: Experiment, configs: list[Network], images: int, seeds: int) -> list:
    """One batch for each seed, so that each record is kept as it is finished."""
    looked_at = [LookedAt(**config.plain(), images=images) for config in configs]
    return [(experiment, config, [seed]) for config in looked_at for seed in range(seeds)]


STUDY = Study(parameters=OrbitMaps, plan=plan, then=then, suits=OrbitMaps.check_against)
