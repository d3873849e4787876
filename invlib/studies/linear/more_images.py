"""Does a missing half of the orbit stop mattering with more images? Two ways to draw them.

Only the plain image and one quarter turn are shown. Images stand as the data set has them, upright,
or each is first turned at random, so that their distribution is itself invariant.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from invlib.closed_form.representations import augmented_optimum_over, compressed
from invlib.config import option
from invlib.errors import UsageError
from invlib.experiment import Experiment, Outcome, Report
from invlib.groups import rotations
from invlib.studies.linear.partial_orbits import compare
from invlib.studies.linear.sample import CLASSES, Sample, training_subsets
from invlib.training.seeds import stream

SHOWN = 2  # the plain image and one quarter turn


@dataclass(frozen=True)
class MoreImages(Sample):
    """How many images, and whether they are turned at random first. `samples` is the most."""

    hidden: int = option(5, "hidden units: the rank bound", low=1, high=CLASSES)
    sizes: tuple[int, ...] = option((125, 250, 500), "numbers of images", low=1)
    population: str = option("upright", "how images stand", choices=("upright", "turned"))

    def check(self) -> None:
        if max(self.sizes) > self.samples:
            raise UsageError(f"parameter sizes goes to {max(self.sizes)}, beyond samples.")


def solve(config: MoreImages, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """The optimum on half the orbit beside the invariant one, for growing numbers of images."""
    group = rotations(config.side)
    shown = group.matrices()[:SHOWN]
    outcomes = []
    for i, seed in enumerate(seeds):  # one at a time: many images of one seed fill the memory
        (X,), (Y,) = training_subsets(config, [seed])
        if config.population == "turned":
            turns = torch.randint(4, (len(X),), generator=stream(seed, "turns"))
            X = group.act(X, turns)
        curves: dict[str, list[float]] = {}
        for size in config.sizes:
            x, y = compressed(X[:size], Y[:size])
            W = augmented_optimum_over(x, y, shown, config.hidden)
            for name, value in compare(W, x, y, group, config.hidden).items():
                curves.setdefault(name, []).append(value)
        metrics = {f"{name}_least": values[0] for name, values in curves.items()}
        metrics |= {f"{name}_most": values[-1] for name, values in curves.items()}
        report(f"more images, {config.population}", (i + 1) / len(seeds))
        points = {name: np.array(values) for name, values in curves.items()}
        outcomes.append(Outcome(metrics, {"images": np.array(config.sizes), **points}))
    return outcomes


EXPERIMENT = Experiment(
    name="linear/more_images",
    module="invlib.studies.linear.more_images",
    attribute="EXPERIMENT",
    config=MoreImages,
    data=lambda config: config.dataset,
    run=solve,
    label=lambda config: f"half-orbit-{config.population}",
)
