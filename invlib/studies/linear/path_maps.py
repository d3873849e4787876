"""The maps Ŵ_reg(λ) themselves along the path of one subset, small enough to be kept and shown."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from invlib.closed_form.path import regularized_path
from invlib.config import option
from invlib.experiment import Experiment, Outcome, Report
from invlib.groups import rotations
from invlib.studies.linear.path import Path
from invlib.studies.linear.sample import CLASSES, training_subsets


@dataclass(frozen=True)
class Maps(Path):
    """The strengths that are shown: fewer than are measured."""

    weakest: int = option(-4, "power of ten of the weakest penalty", low=-9, high=9)
    strongest: int = option(2, "power of ten of the strongest penalty", low=-9, high=9)


def keep(config: Maps, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """Maps [strengths, classes, pixels] and singular values [strengths, classes] of each seed."""
    X, Y = training_subsets(config, seeds)
    path = regularized_path(X, Y, rotations(config.side))
    strengths = config.strengths()
    maps = path.maps(CLASSES * strengths, config.hidden).numpy().astype(np.float32)
    values = path.singular_values(CLASSES * strengths).numpy().astype(np.float32)
    report(f"maps along the path, {len(seeds)} seeds", 1.0)
    return [
        Outcome(
            metrics={},
            curves={"strength": strengths.numpy()},
            arrays={"maps": maps[i], "singular_values": values[i]},
        )
        for i in range(len(seeds))
    ]


EXPERIMENT = Experiment(
    name="linear/path_maps",
    module="invlib.studies.linear.path_maps",
    attribute="EXPERIMENT",
    config=Maps,
    data=lambda config: config.dataset,
    run=keep,
    label=lambda config: "maps",
)
