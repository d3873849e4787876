"""The regularization path in function space (paper linear, Theorem 9)."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from invlib.config import Config, option
from invlib.errors import UsageError
from invlib.experiment import Experiment
from invlib.studies.linear import crossing, path, path_maps
from invlib.studies.linear.crossing import Crossing
from invlib.studies.linear.path import Path
from invlib.studies.linear.path_maps import Maps
from invlib.studies.study import Study


@dataclass(frozen=True)
class RegularizationPath(Path):
    """The notebook's parameters: a path on images, and problems whose path has a crossing."""

    crosstalk: tuple[float, ...] = option(
        (0.0, 0.01, 0.1), "how far the two sensors of the counterexamples mix", low=0.0
    )
    seeds: int = option(3, "runs, each with its own subset or its own counterexample", low=1)

    def check(self) -> None:
        super().check()
        if 0.0 not in self.crosstalk:
            raise UsageError(
                f"parameter crosstalk is {list(self.crosstalk)}; it must list 0, which makes a "
                "counterexample."
            )

    def on_images(self) -> Path:
        return Path(**{field.name: getattr(self, field.name) for field in fields(Path)})

    def shown(self) -> Maps:
        """The frames of the interactive figure: strengths of its own, the images of the path."""
        shared = self.on_images().plain()
        del shared["weakest"], shared["strongest"]
        return Maps(**shared)


def plan(parameters: RegularizationPath) -> Sequence[tuple[Experiment, Config, Sequence[int]]]:
    """The path for every subset, the maps of the first one, and the counterexamples."""
    seeds = range(parameters.seeds)
    return [
        (path.EXPERIMENT, parameters.on_images(), seeds),
        (path_maps.EXPERIMENT, parameters.shown(), [0]),
        *((crossing.EXPERIMENT, Crossing(crosstalk=c), seeds) for c in parameters.crosstalk),
    ]


STUDY = Study(parameters=RegularizationPath, plan=plan, suits=RegularizationPath.check_against)
