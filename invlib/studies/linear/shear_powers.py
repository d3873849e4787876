"""A shear of infinite order: its powers are no finite group, so one shows some of them.

Inputs are pairs (x, y) on which the shear acts as (x + y, y). Invariant maps see only the y.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from invlib.closed_form.representations import augmented_optimum_over, invariant_optimum
from invlib.config import Config, option
from invlib.experiment import RANDOM, Experiment, Outcome, Report
from invlib.groups.lattice import SHEAR
from invlib.studies.linear.full_orbits import OUTPUTS, problem

PAIRS = 8
COPIES = (1, 2, 4, 8, 16, 32, 64, 128, 256)


@dataclass(frozen=True)
class ShearPowers(Config):
    """The size of the random problem; the seed draws the numbers."""

    samples: int = option(60, "random inputs before augmentation", low=1)
    rank: int = option(2, "the rank bound r", low=1, high=OUTPUTS)


def solve(config: ShearPowers, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """The optimum on the first K powers of the shear, for growing K, beside the invariant one."""
    shear = torch.tensor(SHEAR, dtype=torch.float64)
    one = torch.eye(PAIRS, dtype=torch.float64)
    powers = torch.stack(
        [torch.kron(one, torch.linalg.matrix_power(shear, k)) for k in range(COPIES[-1])]
    )
    rows = torch.kron(one, torch.tensor([[0.0, 1.0]], dtype=torch.float64))  # w ρ = w
    outcomes = []
    for i, seed in enumerate(seeds):
        X, Y = problem(config.samples, 2 * PAIRS, seed)
        invariant = invariant_optimum(X, Y, rows, config.rank)
        gaps = [
            augmented_optimum_over(X, Y, powers[:copies], config.rank) - invariant
            for copies in COPIES
        ]
        difference = torch.stack(gaps).norm(dim=(-2, -1)) / invariant.norm()
        metrics = {
            f"difference_{copies}": float(value)
            for copies, value in zip(COPIES, difference, strict=True)
        }
        report("powers of a shear", (i + 1) / len(seeds))
        curves = {"copies": np.array(COPIES), "difference": difference.numpy()}
        outcomes.append(Outcome(metrics, curves))
    return outcomes


EXPERIMENT = Experiment(
    name="linear/shear_powers",
    module="invlib.studies.linear.shear_powers",
    attribute="EXPERIMENT",
    config=ShearPowers,
    data=lambda config: RANDOM,
    run=solve,
    label=lambda config: "shear-powers",
)
