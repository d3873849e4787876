"""Does learned invariance cost sensitivity? Fig. 5 and Proposition 3.1, and what lies between."""

from collections.abc import Iterable
from dataclasses import dataclass

from invlib.config import option
from invlib.errors import unknown
from invlib.experiment import Experiment
from invlib.methods.invariance_penalties import PENALTIES
from invlib.studies.genuine import linear_decay, linear_task, orbit_sensitivity, penalty_alone
from invlib.studies.genuine.linear_decay import LinearDecay
from invlib.studies.genuine.linear_task import LinearTask
from invlib.studies.genuine.looked_at import LookedAt
from invlib.studies.genuine.networks import REGULARIZED, Network
from invlib.studies.genuine.penalty_alone import PenaltyAlone
from invlib.studies.genuine.sample import GROUPS, Sample
from invlib.studies.genuine.setup import Setup
from invlib.studies.study import Runs, Study, Work


@dataclass(frozen=True)
class SpectralDecay(Setup):
    """The notebook's parameters."""

    epochs: int = option(8, "passes over the training images", low=1)
    strengths: tuple[float, ...] = option(
        (3.0,), "penalty weights ν that the search tries for L₂², the penalty of IR", low=1e-9
    )
    strengths_kl: tuple[float, ...] = option((30.0,), "penalty weights tried for KL", low=1e-9)
    strengths_normalized: tuple[float, ...] = option(
        (0.03,), "penalty weights tried for the normalized L2²", low=1e-9
    )
    look_images: int = option(30, "test images at which directions are compared", low=1)
    linear_images: int = option(60, "images of the linear experiments", low=2)
    random_steps: int = option(100, "random steps of the linear map", low=1)
    alone: tuple[str, ...] = option(
        ("l2", "l2_normalized"), "penalties that act alone on a trained network"
    )
    alone_steps: int = option(6, "steps of a penalty alone", low=1)

    def check(self) -> None:
        super().check()
        for name in self.alone:
            if name not in PENALTIES:
                raise unknown("value", name, PENALTIES, where="for parameter alone")

    def tried(self, method: str) -> tuple[float, ...]:
        """The strengths that the search tries for one penalty."""
        others = {"KL": self.strengths_kl, "L2N": self.strengths_normalized}
        return others.get(method, self.strengths)

    def looked_at(self, networks: Iterable[Network]) -> Work:
        """The comparison of directions on some networks."""
        return [
            (
                orbit_sensitivity.EXPERIMENT,
                LookedAt(**network.plain(), images=self.look_images),
                [seed],
            )
            for network in networks
            for seed in range(self.seeds)
        ]

    def linear(self) -> Work:
        """Proposition 3.1 on linear maps, without and with a task."""
        images = {"dataset": self.dataset, "padding": self.padding, "train": self.linear_images}
        rest: dict[str, object] = {"validation": 1, "test": 1}
        work: list[tuple[Experiment, Sample, list[int]]] = []
        for seed in range(self.seeds):
            for group in GROUPS:
                decay = LinearDecay(**images, **rest, group=group, steps=self.random_steps)
                task = LinearTask(**images, **rest, group=group)
                work.append((linear_decay.EXPERIMENT, decay, [seed]))
                work.append((linear_task.EXPERIMENT, task, [seed]))
        return work

    def penalties_alone(self) -> Work:
        """Each penalty alone, from the networks that augmentation gave."""
        return [
            (
                penalty_alone.EXPERIMENT,
                PenaltyAlone(
                    **self.network(group, "DA").plain(),
                    penalty=penalty,
                    images=min(penalty_alone.IMAGES, self.train),
                    steps=self.alone_steps,
                ),
                [seed],
            )
            for group in GROUPS
            for penalty in self.alone
            for seed in range(self.seeds)
        ]


def plan(parameters: SpectralDecay) -> Work:
    """What needs no ν, and the search for the ν of each penalty."""
    plain = [parameters.network(group, method) for group in GROUPS for method in ("DA", "WT")]
    searches = [
        work
        for method in REGULARIZED
        for work in parameters.search([method], strengths=parameters.tried(method))
    ]
    return [
        *parameters.plain_networks(),
        *searches,
        *parameters.looked_at(plain),
        *parameters.penalties_alone(),
        *parameters.linear(),
    ]


def then(parameters: SpectralDecay, runs: Runs) -> Work:
    """The networks at the chosen strengths, measured as in Table 1 and looked at."""
    chosen = parameters.chosen(runs, REGULARIZED)
    return [*parameters.measured(chosen), *parameters.looked_at(chosen)]


STUDY = Study(parameters=SpectralDecay, plan=plan, then=then, suits=SpectralDecay.check_against)
