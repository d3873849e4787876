"""Invariance without knowing the group (open question 1): what networks and data tell about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from invlib.config import option
from invlib.studies.genuine import (
    data_symmetries,
    known_generators,
    learned_group,
    recovered_group,
)
from invlib.studies.genuine.data_symmetries import DataSymmetries
from invlib.studies.genuine.known_generators import SYMMETRIES, Known
from invlib.studies.genuine.learned_group import KNOWLEDGE, TRUTHS, LearnedGroup
from invlib.studies.genuine.networks import Network
from invlib.studies.genuine.recovered_group import Recovered
from invlib.studies.genuine.sample import GROUPS, Sample
from invlib.studies.genuine.setup import Setup
from invlib.studies.study import Runs, Study, Work

PLAIN = ("DA", "WT")


@dataclass(frozen=True)
class UnknownGroup(Setup):
    """The notebook's parameters: the networks of Table 1, and three ways to ask for a group."""

    screening: int = option(16, "validation images that every candidate is tried on", low=2)
    scoring: int = option(60, "validation images for the candidates that are left", low=2)
    slopes: int = option(40, "validation images for the search of generators", low=1)
    half: int = option(100, "images in each half of a sample whose distribution is tested", low=2)
    permutations: int = option(199, "relabellings behind a p-value", low=99)
    step: int = option(2, "pixels between shifts, for the test of data and for learning", low=1)
    learn_train: int = option(300, "training images of the networks that learn a group", low=1)
    learn_validation: int = option(100, "held-out images that judge the candidates", low=1)
    learn_test: int = option(150, "their test images", low=1)
    learn_epochs: int = option(16, "their passes over the training images", low=1)
    learn_batch: int = option(32, "their images per step", low=1)
    wait: int = option(8, "epochs before the distribution starts to move", low=0)
    temperature: float = option(0.1, "τ, the price of entropy", low=1e-9)
    probes: int = option(100, "held-out images under one step of the distribution", low=2)

    def check(self) -> None:
        super().check()
        self.asked(self.network("R4", "DA"))
        self.tested("R4")
        self.known("turn")
        self.learning("R4", "learned")

    def asked(self, network: Network) -> Recovered:
        """A network, and how it is asked."""
        return Recovered(
            **network.plain(),
            screening=self.screening,
            scoring=self.scoring,
            slopes=self.slopes,
        )

    def tested(self, truth: str) -> DataSymmetries:
        return DataSymmetries(
            **self._images(),
            truth=truth,
            step=self.step,
            half=self.half,
            permutations=self.permutations,
        )

    def known(self, symmetry: str) -> Known:
        return Known(**self._images(), symmetry=symmetry, slopes=self.slopes)

    def learning(self, truth: str, knowledge: str) -> LearnedGroup:
        return LearnedGroup(
            dataset=self.dataset,
            padding=self.padding,
            train=self.learn_train,
            validation=self.learn_validation,
            test=self.learn_test,
            truth=truth,
            knowledge=knowledge,
            step=self.step,
            epochs=self.learn_epochs,
            batch=self.learn_batch,
            width=self.width,
            temperature=self.temperature,
            wait=self.wait,
            probes=self.probes,
        )

    def _images(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in Sample.__dataclass_fields__}


def plan(parameters: UnknownGroup) -> Work:
    """What needs no ν, the search for ν, and everything that needs no network of Table 1."""
    experiments = [
        *((recovered_group.EXPERIMENT, asked) for asked in _asked(parameters, PLAIN)),
        *((data_symmetries.EXPERIMENT, parameters.tested(truth)) for truth in TRUTHS),
        *((known_generators.EXPERIMENT, parameters.known(name)) for name in SYMMETRIES),
        *(
            (learned_group.EXPERIMENT, parameters.learning(truth, knowledge))
            for truth in TRUTHS
            for knowledge in KNOWLEDGE
            if truth != "none" or knowledge != "told"  # nothing to tell
        ),
    ]
    return [*parameters.search(), *_by_seed(parameters, experiments)]


def then(parameters: UnknownGroup, runs: Runs) -> Work:
    """The regularized networks at the strengths that the search has chosen."""
    chosen = [parameters.asked(network) for network in parameters.chosen(runs)]
    return _by_seed(parameters, [(recovered_group.EXPERIMENT, asked) for asked in chosen])


def _asked(parameters: UnknownGroup, methods: Sequence[str]) -> list[Recovered]:
    return [parameters.asked(parameters.network(g, method)) for g in GROUPS for method in methods]


def _by_seed(parameters: UnknownGroup, experiments: Sequence[tuple]) -> list[tuple]:
    """A batch for each seed, so that each record is kept as it finishes."""
    return [
        (experiment, config, [seed])
        for experiment, config in experiments
        for seed in range(parameters.seeds)
    ]


STUDY = Study(parameters=UnknownGroup, plan=plan, then=then, suits=UnknownGroup.check_against)
