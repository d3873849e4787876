"""A network that learns which group to be invariant to, beside one that is told and one that isn't.

The images of the training and validation parts are each in one random pose of a group that nobody
names: the quarter turns, the three shifts, or no group at all. The three networks differ in the
transformations that their training images are moved by: those of a distribution that is learned
along the way, those of the true group, or none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from invlib.config import option
from invlib.errors import UsageError
from invlib.experiment import Experiment, Outcome, Report
from invlib.groups.square_symmetries import SquareSymmetries
from invlib.groups.subgroups import generated
from invlib.metrics.over_group import slices
from invlib.models.mlp import BatchedMLP
from invlib.studies.genuine.sample import CLASSES, GROUPS, Part, Parts, Sample, prepare
from invlib.training.learned_symmetries import Images, Rule, learn_symmetries
from invlib.training.seeds import stream

TRUTHS = (*GROUPS, "none")
KNOWLEDGE = ("learned", "told", "untold")
SUPPORT = 0.1  # of the largest p: what counts as found


@dataclass(frozen=True)
class LearnedGroup(Sample):
    """One network; the seed draws images, poses and weights."""

    truth: str = option("R4", "group that the images were moved by", choices=TRUTHS)
    knowledge: str = option("learned", "what the training is told of it", choices=KNOWLEDGE)
    step: int = option(1, "pixels between the shifts among the candidates", low=1)
    epochs: int = option(40, "passes over the training images", low=1)
    batch: int = option(64, "images per step", low=1)
    learning_rate: float = option(0.0008, "Adam's learning rate", low=1e-9)
    depth: int = option(5, "hidden layers", low=1, high=50)
    width: int = option(64, "hidden units per layer", low=1)
    temperature: float = option(0.1, "τ, the price of entropy", low=1e-9)
    rate: float = option(0.3, "η, how fast the distribution moves", low=1e-9, high=1.0)
    wait: int = option(10, "epochs before it starts to move", low=0)
    every: int = option(2, "epochs between its steps", low=1)
    start: float = option(0.9, "share of the identity at the start", low=0.0, high=0.999)
    probes: int = option(100, "held-out images that judge the candidates in an epoch", low=2)

    def check(self) -> None:
        if self.batch > self.train:
            raise UsageError(f"parameter batch is {self.batch}; it must be at most {self.train}.")
        if self.probes > self.validation:
            raise UsageError(
                f"parameter probes is {self.probes}; it must be at most validation, "
                f"{self.validation}."
            )

    @property
    def label(self) -> str:
        return f"{self.truth}-{self.knowledge}"


def learn(config: LearnedGroup, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """One network per seed, one after the other."""
    return [_learn_one(config, seed, report) for seed in seeds]


def _learn_one(config: LearnedGroup, seed: int, report: Report) -> Outcome:
    parts = prepare(config, seed)
    symmetries = SquareSymmetries(parts.side)
    candidates = symmetries.crosses(config.step)
    truth = true_elements(symmetries, config.truth)
    place = {int(element): k for k, element in enumerate(candidates)}
    if any(int(element) not in place for element in truth):
        raise UsageError(
            f"parameter step is {config.step}: the candidates do not hold the elements of "
            f"{config.truth}; take a divisor of {parts.side // 3}."
        )
    true_places = [place[int(element)] for element in truth]
    network = BatchedMLP(
        widths=[parts.side**2, *[config.width] * config.depth, CLASSES],
        activation="relu",
        generators=[stream(seed, "init")],
    )
    found = learn_symmetries(
        _Single(network),
        _posed(parts, parts.train, symmetries, truth, stream(seed, "pose")),
        _posed(parts, parts.validation, symmetries, truth, stream(seed, "validation pose")),
        symmetries.sources(candidates),
        first_distribution(config, len(candidates), true_places),
        Rule(
            epochs=config.epochs,
            batch=config.batch,
            learning_rate=config.learning_rate,
            temperature=config.temperature,
            rate=config.rate,
            wait=config.wait,
            every=config.every,
            fixed=config.knowledge != "learned",
        ),
        stream(seed, "batches"),
        probes=config.probes,
        report=lambda fraction: report(f"{config.label}, seed {seed}", fraction),
    )
    p = found.distribution
    support = [int(candidates[k]) for k in (p >= SUPPORT * p.max()).nonzero().squeeze(1)]
    masses = found.course["distribution"]  # [epochs, candidates]
    metrics = {
        "accuracy": _accuracy(network, parts, symmetries, truth),
        "validation_accuracy": float(found.course["validation_accuracy"].max()),
        "mass": float(p[true_places].sum()),
        "evenness": float(p[true_places].min() * len(truth)),  # 1: all true ones weigh the same
        "largest_false": float(_without(p, true_places).max()),
        "support": float(len(support)),
        "closed_order": float(len(generated(symmetries, support))),
        "recovered": float(sorted(support) == sorted(truth.tolist())),
        "best_epoch": float(found.best_epoch),
    }
    curves = {
        "epoch": np.arange(1, config.epochs + 1),
        "mass": masses[:, true_places].sum(1).astype(np.float32),
        "identity": masses[:, place[0]].astype(np.float32),
        "validation_accuracy": found.course["validation_accuracy"].astype(np.float32),
    }
    arrays = {}
    if config.knowledge == "learned" and seed == 0:
        arrays = {
            "course": masses.astype(np.float16),
            "candidates": candidates.numpy().astype(np.int32),
        }
        arrays["side"] = np.array(parts.side)
    return Outcome(metrics, curves, arrays)


def true_elements(symmetries: SquareSymmetries, truth: str) -> torch.Tensor:
    """The elements of the group that the images were moved by; the identity alone for none."""
    if truth == "none":
        return torch.zeros(1, dtype=torch.long)
    return symmetries.of_group(GROUPS[truth](symmetries.side))


def first_distribution(
    config: LearnedGroup, count: int, true_places: Sequence[int]
) -> torch.Tensor:
    """All on the true group, all on the identity, or most on it and the rest spread evenly."""
    if config.knowledge == "learned":
        p = torch.full((count,), (1 - config.start) / (count - 1), dtype=torch.float64)
        p[0] = config.start  # candidate 0 is the identity
        return p
    p = torch.zeros(count, dtype=torch.float64)
    p[true_places if config.knowledge == "told" else [0]] = 1
    return p / p.sum()


class _Single(torch.nn.Module):
    """One network out of a batch of one: images [n, pixels] to logits [n, classes]."""

    def __init__(self, network: BatchedMLP) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.network(x)[0]


def _posed(
    parts: Parts,
    part: Part,
    symmetries: SquareSymmetries,
    truth: torch.Tensor,
    generator: torch.Generator,
) -> Images:
    """The images as they come from a transformed data set: each in one pose."""
    pose = torch.randint(len(truth), (len(part.pixels),), generator=generator)
    x = parts.normalize(part.pixels).gather(1, symmetries.sources(truth)[pose])
    return Images(x, part.labels)


def _accuracy(
    network: BatchedMLP, parts: Parts, symmetries: SquareSymmetries, truth: torch.Tensor
) -> float:
    """The share of all true poses of the test images that are classified rightly."""
    x, y = parts.normalize(parts.test.pixels), parts.test.labels
    hits = 0
    with torch.no_grad():
        for rows in slices(len(x), 1024):
            for moved in symmetries.act(x[rows], truth):
                hits += int((network(moved)[0].argmax(-1) == y[rows]).sum())
    return hits / (len(x) * len(truth))


def _without(p: torch.Tensor, places: Sequence[int]) -> torch.Tensor:
    rest = torch.ones(len(p), dtype=torch.bool)
    rest[places] = False
    return p[rest]


EXPERIMENT = Experiment(
    name="genuine/learned_group",
    module=__name__,
    attribute="EXPERIMENT",
    config=LearnedGroup,
    data=lambda config: config.dataset,
    run=learn,
    label=lambda config: config.label,
)
