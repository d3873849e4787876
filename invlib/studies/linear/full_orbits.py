"""Theorem 12 without its assumption: whole orbits of groups that act by matrices of any kind.

Random inputs and targets, a group, and a change of coordinates x' = T x of growing condition
number. The representation T ρ T⁻¹ is orthogonal only where ρ is and T is. Seconds for ten seeds.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from invlib.closed_form.representations import augmented_optimum_over, invariant_optimum
from invlib.config import Config, option
from invlib.experiment import RANDOM, Experiment, Outcome, Report
from invlib.groups import from_permutations, rotations
from invlib.groups.lattice import lattice, torus_shear
from invlib.groups.representation import Representation, of_group
from invlib.training.seeds import stream

SIDE, DEGREE = 4, 4  # 16 pixels; 15 monomials
OUTPUTS = 6
DECADES = (0, 1, 2, 3, 4, 5, 6)  # of the condition number of T


def dihedral(side: int) -> Representation:
    """Quarter turns and mirror images: a group that is not cyclic, as the paper's is."""
    turns = rotations(side).orbit(torch.arange(side * side))
    mirrored = turns.view(-1, side, side).flip(-1).flatten(1)
    return of_group(from_permutations([*turns, *mirrored], side, "turns and mirrors"))


GROUPS = {
    "turns": lambda: of_group(rotations(SIDE)),
    "dihedral": lambda: dihedral(SIDE),
    "torus-shear": lambda: torus_shear(SIDE),
    "lattice-3": lambda: lattice(3, DEGREE),
    "lattice-4": lambda: lattice(4, DEGREE),
    "lattice-6": lambda: lattice(6, DEGREE),
}


@dataclass(frozen=True)
class FullOrbit(Config):
    """One group and one size of random problem; the seed draws the numbers and T."""

    group: str = option("turns", "the group and its matrices", choices=tuple(GROUPS))
    samples: int = option(60, "random inputs before augmentation", low=1)
    rank: int = option(2, "the rank bound r", low=1, high=OUTPUTS)


def problem(samples: int, inputs: int, seed: int) -> tuple[Tensor, Tensor]:
    """Random inputs, and targets that depend on them: X [samples, inputs], Y [samples, outputs]."""
    X = torch.randn(samples, inputs, generator=stream(seed, "X"), dtype=torch.float64)
    truth = torch.randn(inputs, OUTPUTS, generator=stream(seed, "truth"), dtype=torch.float64)
    noise = torch.randn(samples, OUTPUTS, generator=stream(seed, "noise"), dtype=torch.float64)
    return X, X @ truth / inputs**0.5 + noise


def coordinates(size: int, condition: float, seed: int) -> Tensor:
    """A random T with singular values spread evenly, in logarithm, over the condition number."""
    left, right = (
        torch.linalg.qr(torch.randn(size, size, generator=stream(seed, s), dtype=torch.float64)).Q
        for s in ("left", "right")
    )
    singular = torch.logspace(0.5, -0.5, size, base=condition, dtype=torch.float64)
    return left * singular @ right


def compare(X: Tensor, Y: Tensor, representation: Representation, rank: int) -> tuple[float, float]:
    """‖Ŵ_da − Ŵ_inv‖ / ‖Ŵ_inv‖, and ‖Ŵ_da (I − Ḡ)‖ / ‖Ŵ_da‖."""
    augmented = augmented_optimum_over(X, Y, representation.matrices(), rank)
    invariant = invariant_optimum(X, Y, representation.invariant_rows(), rank)
    moved = augmented - augmented @ representation.reynolds()
    return (
        float((augmented - invariant).norm() / invariant.norm()),
        float(moved.norm() / augmented.norm()),
    )


def solve(config: FullOrbit, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """Both optima at every condition number, with the rank bound and without."""
    plain = GROUPS[config.group]()
    outcomes = []
    for i, seed in enumerate(seeds):
        X, Y = problem(config.samples, plain.dimension, seed)
        curves = {name: [] for name in ("difference", "difference_unbounded", "noninvariant")}
        for decade in DECADES:
            T = coordinates(plain.dimension, 10.0**decade, seed)
            moved = plain.conjugate(T) if decade else plain  # first the group as it is
            difference, noninvariant = compare(X, Y, moved, config.rank)
            curves["difference"].append(difference)
            curves["noninvariant"].append(noninvariant)
            curves["difference_unbounded"].append(compare(X, Y, moved, OUTPUTS)[0])
        metrics = {
            f"{name}_1e{decade}": value
            for name, values in curves.items()
            for decade, value in zip(DECADES, values, strict=True)
        }
        metrics["departure"] = plain.departure_from_orthogonal()
        report(f"full orbits {config.group}", (i + 1) / len(seeds))
        points = {name: np.array(values) for name, values in curves.items()}
        outcomes.append(Outcome(metrics, {"decade": np.array(DECADES), **points}))
    return outcomes


EXPERIMENT = Experiment(
    name="linear/full_orbits",
    module="invlib.studies.linear.full_orbits",
    attribute="EXPERIMENT",
    config=FullOrbit,
    data=lambda config: RANDOM,
    run=solve,
    label=lambda config: config.group,
)
