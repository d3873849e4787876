"""Invariance without decay: do penalties that hold the logits apart give more for less accuracy?"""

from collections.abc import Iterator
from dataclasses import dataclass, fields

from invlib.config import Config, option
from invlib.errors import UsageError
from invlib.experiment import Experiment
from invlib.methods.scale_free_penalties import CANDIDATES
from invlib.records.record import Record
from invlib.studies.genuine import linear_flow
from invlib.studies.genuine.decay_choice import chosen_strengths, ranked
from invlib.studies.genuine.decay_measured import CHOSEN, EXPERIMENT, Chosen
from invlib.studies.genuine.decay_networks import ALL, NONE, Penalized
from invlib.studies.genuine.linear_flow import LinearFlow
from invlib.studies.genuine.relative_measures import derive as relative
from invlib.studies.genuine.sample import GROUPS, Sample
from invlib.studies.study import Runs, Study, Work

REFERENCE = "l2"  # the paper's IR
# The weakest strength of each penalty; `levels` multiplies it. Found with a seed of no other use.
WEAKEST = {
    "l2": 1.0,
    "kl": 3.0,
    "l2_normalized": 3.0,
    "ratio": 10.0,
    "detached": 30.0,
    "cosine": 3.0,
    "contrast": 3.0,
    "held": 0.1,
    "teacher": 10.0,
}


@dataclass(frozen=True)
class WithoutDecay(Sample):
    """The notebook's parameters."""

    train: int = option(150, "training images", low=1)
    validation: int = option(40, "validation images", low=1)
    test: int = option(60, "test images", low=1)
    group: str = option("R4", "group under which all are compared", choices=tuple(GROUPS))
    other_group: str = option(
        "T3", "group for the best two; the same again for none", choices=tuple(GROUPS)
    )
    penalties: tuple[str, ...] = option(
        ("l2", "ratio", "teacher"), "penalties to compare", choices=tuple(ALL)
    )
    levels: tuple[float, ...] = option(
        (0.1, 0.3), "strengths, as multiples of each penalty's weakest", low=1e-9
    )
    epochs: int = option(8, "passes over the training images", low=1)
    batch: int = option(16, "images per step", low=1)
    width: int = option(64, "hidden units per layer", low=1)
    flow_images: int = option(100, "images under the linear map's penalty", low=2)
    flow_steps: int = option(60, "steps of steepest descent of the linear map", low=40)
    seeds: int = option(1, "runs, each with its own split, initialization and batches", low=1)

    def check(self) -> None:
        if REFERENCE not in self.penalties or not set(self.penalties) & set(CANDIDATES):
            raise UsageError(
                f"parameter penalties is {list(self.penalties)}; it must list {REFERENCE} and at "
                f"least one of: {', '.join(CANDIDATES)}."
            )
        self.shared(Penalized)  # every shared value must also suit a network

    def shared(self, kind: type[Config], **changes: object) -> Config:
        """The configuration of an experiment: what it shares with the notebook, and changes."""
        own = {field.name for field in fields(kind)}
        return kind(**{name: v for name, v in self.plain().items() if name in own} | changes)


def plan(parameters: WithoutDecay) -> Work:
    """Every penalty at every strength, and what each does to a linear map."""
    return [
        (experiment, config, [seed])
        for experiment, config in _first(parameters)
        for seed in range(parameters.seeds)
    ]


def _first(parameters: WithoutDecay) -> Iterator[tuple[Experiment, Config]]:
    for penalty in parameters.penalties:
        for level in parameters.levels:
            strength = WEAKEST[penalty] * level
            yield EXPERIMENT, parameters.shared(Penalized, penalty=penalty, strength=strength)
    for penalty in parameters.penalties:
        images = {"train": parameters.flow_images, "steps": parameters.flow_steps}
        yield linear_flow.EXPERIMENT, parameters.shared(LinearFlow, penalty=penalty, **images)


def then(parameters: WithoutDecay, runs: Runs) -> Work:
    """Augmentation alone, and what the rules choose: a strength of each penalty, the best two, and
    these under another group.
    """
    return [
        (CHOSEN, config, [seed])
        for config in _chosen(parameters, runs)
        for seed in range(parameters.seeds)
    ]


def _chosen(parameters: WithoutDecay, runs: Runs) -> Iterator[Chosen]:
    table = chosen_strengths(runs.of(EXPERIMENT).frame())
    strengths = {NONE: 0.0, **{name: float(value) for name, value in table["strength"].items()}}
    for penalty, strength in strengths.items():
        yield parameters.shared(Chosen, penalty=penalty, strength=strength)
    best = dict(zip(("best", "second"), ranked(table), strict=False))
    for role, penalty in best.items():
        yield parameters.shared(Chosen, penalty=penalty, strength=strengths[penalty], role=role)
    if parameters.other_group == parameters.group:
        return
    other = {"group": parameters.other_group}
    for role, penalty in {NONE: NONE, REFERENCE: REFERENCE, **best}.items():
        strength = strengths[penalty]
        yield parameters.shared(Chosen, penalty=penalty, strength=strength, role=role, **other)


def derive(record: Record) -> Record:
    """LI and σ_max relative to the spread of the logits, for networks."""
    return relative(record) if "logit_variance" in record.metrics else record


STUDY = Study(
    parameters=WithoutDecay, plan=plan, then=then, suits=WithoutDecay.check_against, derive=derive
)
