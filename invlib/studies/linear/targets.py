"""The singular values of the three targets (paper linear, Fig. 5), and why the paper's disagree.

Theorem 12 demands σ(Z_da) = √|𝒢| σ(Z_inv); the paper's nine pairs of numbers violate it. Each
treatment of the singular XXᵀ gives other values, and some are closer to the paper's than the true
ones are.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from invlib.closed_form import augmented_singular_values, constrained_singular_values
from invlib.experiment import Experiment, Outcome, Report
from invlib.groups import Group, rotations
from invlib.studies.linear.literal import Literal, interlaced
from invlib.studies.linear.sample import Sample, training_subsets

# Read from the vector paths of Fig. 5 of the paper.
PAPER = {
    "inv": np.array([10.30, 9.29, 8.23, 6.90, 6.46, 5.82, 4.38, 3.43, 2.58]),
    "da": np.array([20.53, 17.47, 16.35, 13.53, 12.82, 9.01, 8.18, 6.28, 5.08]),
    "reg": np.array([10.27, 8.80, 8.51, 7.61, 7.03, 6.15, 5.43, 4.60, 3.99]),
}
STRENGTH = 0.1  # the λ of Fig. 5
FACTORS = np.array([0.5, 1, 1.5, 2, 2.5, 3, 4, 5, 6, 7.5, 9, 12])  # what may stand before it
NAMED = {"samples": 1, "orbit": 4, "classes": 9}  # nλ; n|𝒢|λ; λ beside a mean over classes
JITTER = 1e-6
FLOAT32 = (1e-6, 5e-7, 1e-7)  # jitters tried in single precision
LEFT_OUT = (1, 2, 3)
MNIST_MEAN, MNIST_STD = 0.1307, 0.3081  # with which MNIST is often standardized


@dataclass(frozen=True)
class Targets(Sample):
    """Images of one kind; the seed chooses the subset."""

    @property
    def label(self) -> str:
        return f"targets-{self.pooling}"


def solve(config: Targets, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """The singular values of every target by every treatment, for one subset per seed."""
    group = rotations(config.side)
    X, Y = training_subsets(config, seeds)
    inv, extra = constrained_treatments(X, Y, group)
    report(config.label, 0.5)
    half = _each(augmented_singular_values, X, Y, group) / group.order**0.5
    reg, everywhere = regularized_treatments(X, Y, group)
    report(config.label, 1.0)
    metrics = {
        **{f"inv_{name}": _distance(values, "inv") for name, values in inv.items()},
        **{f"extra_{name}": number for name, number in extra.items()},
        "da": _distance(half, "da", group.order**0.5),
        **{f"reg_{name}": _distance(reg[_place(f)], "reg") for name, f in NAMED.items()},
        "reg_all_elements": _distance(everywhere, "reg"),
        "best_factor": torch.tensor(FACTORS[_distance(reg, "reg").argmin(0).numpy()]),
        "inv_sixth": inv["least_norm"][:, 5],
        "left_out_sixth": inv["left_out_1"][:, 5],
        "half_da_sixth": half[:, 5],
        "left_out_interlaced": interlaced(inv["left_out_1"], half).double(),
    }
    arrays = {"inv": torch.stack(list(inv.values()), 1), "half_da": half, "reg": reg.movedim(0, 1)}
    return [
        Outcome(
            {name: float(values[i]) for name, values in metrics.items()},
            {"factor": FACTORS, "distance": _distance(reg, "reg")[:, i].numpy()},
            {name: values[i].numpy().astype(np.float32) for name, values in arrays.items()},
        )
        for i in range(len(seeds))
    ]


TREATMENTS = (
    "least_norm",
    "pseudo_inverse",
    "jitter",
    *(f"float32_{jitter:.0e}".replace("e-0", "e-") for jitter in FLOAT32),
    *(f"left_out_{directions}" for directions in LEFT_OUT),
    "standardized",
)


def constrained_treatments(
    X: Tensor, Y: Tensor, group: Group
) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """σ(Z_inv) by every treatment, and by how many dimensions I − G̃G̃⁺ is too large."""
    G = group.constraint()
    orbits = group.orbit_basis().shape[1]
    found = [_each(constrained_singular_values, X, Y, group)]
    pinv, _ = Literal.with_pseudo_inverse(X, Y, G).constrained()
    jittered = Literal.with_jitter(X, Y, G, JITTER)
    in_double, rank = jittered.constrained()
    found += [pinv, in_double]
    ranks = [torch.full_like(rank, orbits), rank]
    for jitter in FLOAT32:
        in_single, rank = Literal.with_jitter(X, Y, G, jitter, torch.float32).constrained()
        found.append(in_single)
        ranks.append(rank)
    found += [jittered.constrained_leaving_out(k, orbits) for k in LEFT_OUT]
    found.append(_each(constrained_singular_values, (X - MNIST_MEAN) / MNIST_STD, Y, group))
    named = dict(zip(TREATMENTS, found, strict=True))
    counted = ("least_norm", "jitter", *TREATMENTS[3 : 3 + len(FLOAT32)])
    return named, {name: r - orbits for name, r in zip(counted, ranks, strict=True)}


def regularized_treatments(X: Tensor, Y: Tensor, group: Group) -> tuple[Tensor, Tensor]:
    """σ(Z_reg) at every factor before λ [factors, seeds, classes]; and summed over all elements."""
    weight = X.shape[1] * STRENGTH
    one = Literal.with_jitter(X, Y, group.constraint(), JITTER).regularized(FACTORS * weight)
    matrices = group.matrices()
    every = torch.cat(list(matrices[0] - matrices[1:]), 1)  # all I − ρ(g), side by side
    return one, Literal.with_jitter(X, Y, every, JITTER).regularized([weight])[0]


def _each(singular_values, X: Tensor, Y: Tensor, group: Group) -> Tensor:
    return torch.stack([singular_values(x, y, group) for x, y in zip(X, Y, strict=True)])


def _distance(values: Tensor, target: str, scale: float = 1.0) -> Tensor:
    """The mean absolute distance from the paper's nine values (over `scale`)."""
    return (values - torch.tensor(PAPER[target] / scale)).abs().mean(-1)


def _place(factor: float) -> int:
    return int(np.flatnonzero(factor == FACTORS)[0])


EXPERIMENT = Experiment(
    name="linear/targets",
    module="invlib.studies.linear.targets",
    attribute="EXPERIMENT",
    config=Targets,
    data=lambda config: config.dataset,
    run=solve,
    label=lambda config: config.label,
)
