"""How much images differ within each pixel orbit: what pulls the columns of W together (Fig. 1).

Where the four pixels of an orbit are equal in every image, as where all are blank, no image tells
their columns of W apart, and data augmentation leaves the difference as it was. No training.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from invlib.experiment import Experiment, Outcome, Report
from invlib.groups import Group, rotations
from invlib.metrics import noninvariant_part
from invlib.studies.linear.sample import Sample, training_subsets


def contrast(X: Tensor, group: Group) -> Tensor:
    """The root mean square over images and an orbit of pixel − orbit mean, at each pixel.

    X [..., n, pixels] gives [..., pixels]; turned images have the same contrast as plain ones.
    """
    squares = noninvariant_part(X, group).square().mean(-2)
    return group.orbit(squares).mean(-2).sqrt()


def measure(sample: Sample, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """The contrast of every orbit in one subset per seed."""
    group = rotations(sample.side)
    X, _ = training_subsets(sample, seeds)
    found = contrast(X, group)
    report(f"orbit contrast, {len(seeds)} seeds", 1.0)
    return [
        Outcome(
            metrics={"corner_contrast": float(one[0])},
            arrays={"contrast": one.to(torch.float32).numpy()},
        )
        for one in found
    ]


EXPERIMENT = Experiment(
    name="linear/orbit_contrast",
    module="invlib.studies.linear.orbit_contrast",
    attribute="EXPERIMENT",
    config=Sample,
    data=lambda sample: sample.dataset,
    run=measure,
    label=lambda sample: "images",
)
