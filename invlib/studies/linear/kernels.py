"""Wide ReLU networks and their tangent kernel under augmentation (paper linear, App. B.8)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from invlib.config import Config, option
from invlib.data.description import Manifest
from invlib.experiment import Experiment
from invlib.studies.linear import kernel_predictors, wide_networks
from invlib.studies.linear.kernel_predictors import KernelPredictors
from invlib.studies.linear.sample import Sample
from invlib.studies.linear.wide_networks import WideNetworks
from invlib.studies.study import Study


@dataclass(frozen=True)
class Kernels(Sample):
    """The notebook's parameters; `samples` and `side` are those of the exact predictors."""

    samples: int = option(100, "training images of the exact predictors, at most", low=2)
    sizes: tuple[int, ...] = option((25, 50, 100), "numbers of training images tried", low=2)
    unseen: int = option(100, "unseen images that are predicted, in all turns", low=1)
    small_side: int = option(4, "image side for the trained networks", low=2)
    trained: int = option(16, "training images of the networks", low=2)
    widths: tuple[int, ...] = option((64, 256, 1024), "hidden units of the networks", low=2)
    steps: tuple[int, ...] = option((20, 200), "steps of gradient descent, short and long", low=1)
    seeds: int = option(3, "runs, each with its own images and initial weights", low=1)

    def check(self) -> None:
        self.exact()
        self.networks()

    def exact(self) -> KernelPredictors:
        own = {name: getattr(self, name) for name in ("samples", "side", "sizes", "unseen")}
        return KernelPredictors(dataset=self.dataset, pooling=self.pooling, **own)

    def networks(self) -> list[WideNetworks]:
        return [
            WideNetworks(
                dataset=self.dataset,
                pooling=self.pooling,
                samples=self.trained,
                side=self.small_side,
                widths=self.widths,
                steps=steps,
            )
            for steps in self.steps
        ]

    def check_against(self, manifest: Manifest) -> None:
        super().check_against(manifest)
        small = replace(self, side=self.small_side, samples=max(self.samples, self.trained))
        super(Kernels, small).check_against(manifest)


def plan(parameters: Kernels) -> Sequence[tuple[Experiment, Config, Sequence[int]]]:
    """The exact predictors, and networks of finite width beside them."""
    seeds = range(parameters.seeds)
    return [
        (kernel_predictors.EXPERIMENT, parameters.exact(), seeds),
        *((wide_networks.EXPERIMENT, networks, seeds) for networks in parameters.networks()),
    ]


STUDY = Study(parameters=Kernels, plan=plan, suits=Kernels.check_against)
