"""Which transformations is a trained network invariant to? Asked of its outputs alone.

Candidates are all turns, flips and cyclic shifts of the square image, and their products. The rule
was fixed on networks of a seed that this book does not use: a candidate is accepted when its
invariance score is at most 0.15 and at most one prediction in four changes; what is found is the
subgroup inside the accepted set.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from invlib.config import option
from invlib.errors import UsageError
from invlib.experiment import Experiment, Outcome, Report
from invlib.groups.square_symmetries import SquareSymmetries
from invlib.groups.subgroups import generated, subgroup_within
from invlib.metrics.affine_generators import CONTINUOUS, affine_generators
from invlib.metrics.invariance_scores import Scores, invariance_scores
from invlib.studies.genuine.kinds import Trained
from invlib.studies.genuine.narrowed import narrowed
from invlib.studies.genuine.networks import Network, networks
from invlib.training.seeds import stream

THRESHOLD = 0.15  # the largest invariance score that is accepted
AGREEMENT = 0.75  # the smallest share of predictions that stay
THRESHOLDS = np.geomspace(0.001, 0.3, 26)  # of the curves; 0.3 is twice the rule's


@dataclass(frozen=True)
class Recovered(Network):
    """A network, and how it is asked."""

    step: int = option(1, "pixels between the shifts among the candidates", low=1)
    screening: int = option(20, "validation images that all candidates are tried on", low=2)
    scoring: int = option(100, "validation images for the candidates that are left", low=2)
    slopes: int = option(60, "validation images for the search of generators", low=1)

    def check(self) -> None:
        super().check()
        most = max(self.screening, self.scoring, self.slopes)
        if most > self.validation:
            raise UsageError(
                f"parameters screening, scoring and slopes ask for {most} images; validation has "
                f"{self.validation}."
            )

    @property
    def label(self) -> str:
        """Without the strength, which is another for each group."""
        return f"{self.group}-{self.method}"


def recover(config: Recovered, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """Train, or recall, the networks of some seeds and ask each."""
    found = networks(narrowed(config, Network), seeds, report)
    return [_outcome(config, seed, one) for seed, one in zip(seeds, found, strict=True)]


def _outcome(config: Recovered, seed: int, one: Trained) -> Outcome:
    symmetries = SquareSymmetries(one.parts.side)
    candidates = symmetries.everything(config.step)
    truth = symmetries.of_group(one.group)
    if not torch.isin(truth, candidates).all():
        raise UsageError(
            f"parameter step is {config.step}: the candidates do not hold all of {one.group.name}."
        )
    x = one.parts.normalize(one.parts.validation.pixels)
    x = x[torch.randperm(len(x), generator=stream(seed, "asked"))]
    first = invariance_scores(one.logits, x[: config.screening], symmetries.act, candidates)
    scores = _scored_again(first, one.logits, x[: config.scoring], symmetries, candidates)
    accepted = ranked(scores, candidates, THRESHOLD)
    group = subgroup_within(symmetries, accepted)
    true = torch.isin(candidates, truth)
    moving = true & (candidates != 0)
    slopes = affine_generators(one.logits, x[: config.slopes])
    metrics = {
        "recovered": float(sorted(group) == sorted(truth.tolist())),
        "order": float(len(group)),
        "accepted": float(len(accepted)),
        "generated_order": float(len(generated(symmetries, accepted))),
        "false_accepted": float((~torch.isin(accepted, truth)).sum()),
        "false_found": float((~torch.isin(torch.tensor(group), truth)).sum()),
        "missed": float(len(truth) - torch.isin(truth, torch.tensor(group)).sum()),
        "worst_true_score": float(scores.score[moving].max()),
        "worst_true_agreement": float(scores.agreement[moving].min()),
        "best_false_score": float(scores.score[~true].min()),
        "generator_gap": slopes.gap,
        "continuous": float(slopes.continuous(CONTINUOUS)),
        "least_sensitivity": float(slopes.sensitivity[0]),
    }
    curves = {
        "threshold": THRESHOLDS,
        **{
            name: np.array(values)
            for name, values in _by_threshold(symmetries, scores, candidates).items()
        },
    }
    arrays = {}
    if seed == 0:
        arrays = {
            "scores": scores.score.numpy().astype(np.float16),
            "candidates": candidates.numpy().astype(np.int32),
            "accepted_elements": accepted.numpy().astype(np.int32),
            "side": np.array(one.parts.side),
        }
    return Outcome(metrics, curves, arrays)


def ranked(scores: Scores, candidates: Tensor, threshold: float) -> Tensor:
    """The candidates that the rule accepts, the most invariant first."""
    accepted = (scores.score <= threshold) & (scores.agreement >= AGREEMENT)
    order = scores.score[accepted].argsort(stable=True)
    return candidates[accepted][order]


def _scored_again(
    first: Scores, model, x: Tensor, symmetries: SquareSymmetries, candidates: Tensor
) -> Scores:
    """Scores from more images for candidates that might be accepted; the others keep theirs."""
    near = first.score <= 2 * THRESHOLDS[-1]
    better = invariance_scores(model, x, symmetries.act, candidates[near])
    score, agreement = first.score.clone(), first.agreement.clone()
    score[near], agreement[near] = better.score, better.agreement
    return Scores(score, agreement)


def _by_threshold(
    symmetries: SquareSymmetries, scores: Scores, candidates: Tensor
) -> dict[str, list[float]]:
    """How many candidates each threshold accepts, and the order of the group inside them."""
    found: dict[str, list[float]] = {"accepted_at": [], "order_at": []}
    for threshold in THRESHOLDS:
        accepted = ranked(scores, candidates, float(threshold))
        found["accepted_at"].append(float(len(accepted)))
        found["order_at"].append(float(len(subgroup_within(symmetries, accepted))))
    return found


EXPERIMENT = Experiment(
    name="genuine/recovered_group",
    module=__name__,
    attribute="EXPERIMENT",
    config=Recovered,
    data=lambda config: config.dataset,
    run=recover,
    label=lambda config: config.label,
)
