"""The poses of an image in the penultimate layer: a picture, and the numbers behind it (Fig. 2)."""

from dataclasses import dataclass

from invlib.config import option
from invlib.data.description import Manifest
from invlib.errors import UsageError
from invlib.studies.genuine import orbit_embedding, orbit_layers
from invlib.studies.genuine.looked_at import LookedAt
from invlib.studies.genuine.networks import Network
from invlib.studies.genuine.orbit_embedding import Embedding
from invlib.studies.genuine.sample import GROUPS
from invlib.studies.genuine.setup import Setup
from invlib.studies.study import Runs, Study, Work


@dataclass(frozen=True)
class OrbitGeometry(Setup):
    """The notebook's parameters: those that all of this part share, and how many images."""

    images: int = option(100, "test images measured: half fit a probe, half judge it", low=100)
    pictured: int = option(75, "test images in the t-SNE picture, in all poses", low=30)
    iterations: int = option(300, "steps of t-SNE", low=250)

    def check_against(self, manifest: Manifest) -> None:
        super().check_against(manifest)
        for name in ("images", "pictured"):
            if getattr(self, name) > self.test:
                raise UsageError(
                    f"parameter {name} is {getattr(self, name)}; it must be at most test, "
                    f"{self.test}."
                )


def plan(parameters: OrbitGeometry) -> Work:
    """The search for ν, and all that needs none."""
    plain = [parameters.network(group, method) for method in ("DA", "WT") for group in GROUPS]
    return [*parameters.search(), *_seen(parameters, plain)]


def then(parameters: OrbitGeometry, runs: Runs) -> Work:
    """The same for the regularized networks."""
    return _seen(parameters, parameters.chosen(runs))


def _seen(parameters: OrbitGeometry, configs: list[Network]) -> list:
    """Numbers for every seed, a batch for each; a picture for the first."""
    measured = [LookedAt(**config.plain(), images=parameters.images) for config in configs]
    pictured = [
        Embedding(**config.plain(), images=parameters.pictured, iterations=parameters.iterations)
        for config in configs
    ]
    return [
        *(
            (orbit_layers.EXPERIMENT, config, [seed])
            for config in measured
            for seed in range(parameters.seeds)
        ),
        *((orbit_embedding.EXPERIMENT, config, [0]) for config in pictured),
    ]


STUDY = Study(parameters=OrbitGeometry, plan=plan, then=then, suits=OrbitGeometry.check_against)
