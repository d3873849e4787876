"""Which transformations leave the data as they are? Asked of the data alone, without a network.

One half of a sample is compared, class by class, with the other half moved by g, for every
candidate g, by the energy distance and permutations. A candidate is accepted when its p-value is
above 0.01; what is found is the subgroup inside the accepted set, the largest p-values first. Once
more without classes, "blind", to see what they add.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from invlib.config import option
from invlib.errors import UsageError
from invlib.experiment import Experiment, Outcome, Report
from invlib.groups.square_symmetries import SquareSymmetries
from invlib.groups.subgroups import generated, subgroup_within
from invlib.metrics.energy_distance import Exchanges, exchanges
from invlib.studies.genuine.learned_group import TRUTHS, true_elements
from invlib.studies.genuine.sample import Sample, prepare
from invlib.training.seeds import stream

LEVEL = 0.01


@dataclass(frozen=True)
class DataSymmetries(Sample):
    """A data set, plain or with every image in a random pose of a group."""

    truth: str = option("R4", "group that the images were moved by", choices=TRUTHS)
    step: int = option(1, "pixels between the shifts among the candidates", low=1)
    half: int = option(100, "training images in each half of the sample", low=2)
    permutations: int = option(199, "relabellings behind a p-value", low=99)

    def check(self) -> None:
        if 2 * self.half > self.train:
            raise UsageError(
                f"parameter half is {self.half}; two halves must fit into train, {self.train}."
            )

    @property
    def label(self) -> str:
        return f"data-{self.truth}"


def compare(config: DataSymmetries, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """The p-values of all candidates, for a sample per seed."""
    outcomes = []
    for place, seed in enumerate(seeds):
        outcomes.append(_compare_one(config, seed))
        report(f"symmetries of the data, {config.truth}", (place + 1) / len(seeds))
    return outcomes


def _compare_one(config: DataSymmetries, seed: int) -> Outcome:
    parts = prepare(config, seed)
    symmetries = SquareSymmetries(parts.side)
    candidates = symmetries.crosses(config.step)
    truth = true_elements(symmetries, config.truth)
    pixels = parts.train.pixels[: 2 * config.half]
    pose = torch.randint(len(truth), (len(pixels),), generator=stream(seed, "pose"))
    moved = pixels.gather(1, symmetries.sources(truth)[pose])
    here, there = moved.split(config.half)
    classes = parts.train.labels[: 2 * config.half].split(config.half)
    blind = [torch.zeros_like(own) for own in classes]
    divisions = {
        name: exchanges(*labels, config.permutations, stream(seed, "permutations"))
        for name, labels in (("", classes), ("blind_", blind))
    }
    found = _p_values(here, there, symmetries.sources(candidates), divisions)
    metrics: dict[str, float] = {}
    for name, (p, statistic) in found.items():
        own = _judged(symmetries, candidates, truth, p, statistic)
        metrics |= {name + what: value for what, value in own.items()}
    arrays = {}
    if seed == 0:
        arrays = {"candidates": candidates.numpy().astype(np.int32)}
        arrays |= {f"{name}p": p.numpy().astype(np.float32) for name, (p, _) in found.items()}
    return Outcome(metrics, arrays=arrays)


def _p_values(
    here: Tensor, there: Tensor, sources: Tensor, divisions: Mapping[str, Exchanges]
) -> dict[str, tuple[Tensor, Tensor]]:
    """p-value and statistic of every candidate, for each way to divide."""
    within, other = torch.cdist(here, here), torch.cdist(there, there)  # g keeps distances
    rows = []
    for source in sources:
        across = torch.cdist(here, there[:, source])
        for own in divisions.values():
            statistics = own.statistics(within, across, other)
            rows.append((own.p_value(statistics), float(statistics[0])))
    table = torch.tensor(rows).view(len(sources), len(divisions), 2)
    return {name: tuple(table[:, k].unbind(-1)) for k, name in enumerate(divisions)}


def _judged(
    symmetries: SquareSymmetries, candidates: Tensor, truth: Tensor, p: Tensor, statistic: Tensor
) -> dict[str, float]:
    """What the rule makes of the p-values; of equal ones the smaller statistic comes first."""
    order = sorted(range(len(p)), key=lambda k: (-float(p[k]), float(statistic[k])))
    accepted = candidates[[k for k in order if p[k] > LEVEL]]
    group = subgroup_within(symmetries, accepted)
    true = torch.isin(candidates, truth)
    return {
        "recovered": float(sorted(group) == sorted(truth.tolist())),
        "order": float(len(group)),
        "accepted": float(len(accepted)),
        "generated_order": float(len(generated(symmetries, accepted))),
        "false_accepted": float((~torch.isin(accepted, truth)).sum()),
        "least_true_p": float(p[true].min()),
        "largest_false_p": float(p[~true].max()),
    }


EXPERIMENT = Experiment(
    name="genuine/data_symmetries",
    module=__name__,
    attribute="EXPERIMENT",
    config=DataSymmetries,
    data=lambda config: config.dataset,
    run=compare,
    label=lambda config: config.label,
)
