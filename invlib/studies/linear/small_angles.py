"""Augmentation with turns by small angles: interpolated, so no group and not orthogonal.

For each number of equally spaced angles the optimum is found in closed form, and one asks how much
its predictions change under the angles it was shown, and under exact quarter turns.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from invlib.closed_form.representations import augmented_optimum_over, compressed
from invlib.config import option
from invlib.experiment import Experiment, Outcome, Report
from invlib.groups import rotations
from invlib.groups.interpolated import interpolated_turns
from invlib.studies.linear.partial_orbits import wobble
from invlib.studies.linear.sample import CLASSES, Sample, training_subsets

FINEST = 64  # turns that stand for all angles


@dataclass(frozen=True)
class SmallAngles(Sample):
    """The numbers of turns tried; the seed chooses the subset."""

    hidden: int = option(5, "hidden units: the rank bound", low=1, high=CLASSES)
    counts: tuple[int, ...] = option((3, 4, 5, 8, 16, 32), "equally spaced turns", low=1)


def solve(config: SmallAngles, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """The optimum for every number of turns: wobble over those turns, and over quarter turns."""
    quarter = rotations(config.side)
    everywhere = interpolated_turns(config.side, FINEST)
    X, Y = training_subsets(config, seeds)
    outcomes = []
    for i, (x, y) in enumerate(zip(X, Y, strict=True)):
        few, targets = compressed(x, y)
        around = (few @ everywhere.mT).transpose(0, 1)
        limit = augmented_optimum_over(few, targets, everywhere, config.hidden)
        curves = {name: [] for name in ("wobble_shown", "wobble_quarters", "to_finest")}
        for count in config.counts:
            shown = interpolated_turns(config.side, count)
            W = augmented_optimum_over(few, targets, shown, config.hidden)
            gap = (around @ (W - limit).mT).norm() / (around @ limit.mT).norm()
            curves["wobble_shown"].append(wobble(W, (few @ shown.mT).transpose(0, 1)))
            curves["wobble_quarters"].append(wobble(W, quarter.orbit(few)))
            curves["to_finest"].append(float(gap))
        metrics = {
            f"{name}_{count}": value
            for name, values in curves.items()
            for count, value in zip(config.counts, values, strict=True)
        }
        report("turns by small angles", (i + 1) / len(seeds))
        points = {name: np.array(values) for name, values in curves.items()}
        outcomes.append(Outcome(metrics, {"turns": np.array(config.counts), **points}))
    return outcomes


EXPERIMENT = Experiment(
    name="linear/small_angles",
    module="invlib.studies.linear.small_angles",
    attribute="EXPERIMENT",
    config=SmallAngles,
    data=lambda config: config.dataset,
    run=solve,
    label=lambda config: "small-angles",
)
