"""The three optima of paper linear over every rank bound r: when does the bound stop to bind?

No training: closed forms, and an independent least squares without any bound.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from invlib.experiment import Experiment, Outcome, Report
from invlib.groups import Group, rotations
from invlib.methods.ways import LOSSES, method
from invlib.metrics import noninvariant_part
from invlib.studies.linear.optimum import Problem, augmented_accuracy, optimum
from invlib.studies.linear.sample import CLASSES, training_subsets, unseen_images

FOLLOWED = ("loss", "accuracy", "test_accuracy", "noninvariant")
BINDING = 1e-9  # a bound binds if it costs more than this part of the unbounded loss


@dataclass(frozen=True)
class RankBound(Problem):
    """One way on images of one size, at every r from 1 to 9 (`hidden` is not used)."""

    @property
    def label(self) -> str:
        """The way, and the size of the images, as in constrained+side=4."""
        return f"{super().label}+side={self.side}"


def solve(config: RankBound, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """Loss, accuracy and invariance of the optimum at every r, for one subset per seed."""
    group = rotations(config.side)
    X, Y = training_subsets(config, seeds)
    unseen_X, unseen_Y = unseen_images(config)
    way = method(config.method, config.strength)
    objective = way.objective(LOSSES["mse"], X, Y, group)
    ranks = np.arange(1, min(CLASSES, group.pixels) + 1)
    optima, curves = [], {name: [] for name in FOLLOWED}
    for r in ranks.tolist():
        bounded = replace(config, hidden=r)
        W = torch.stack([optimum(bounded, x, y, group) for x, y in zip(X, Y, strict=True)])
        optima.append(W)
        curves["loss"].append(objective.value(way.from_pixels(W, group)))
        curves["accuracy"].append(augmented_accuracy(W, X, Y, group))
        curves["test_accuracy"].append(augmented_accuracy(W, unseen_X, unseen_Y, group))
        curves["noninvariant"].append(torch.linalg.matrix_norm(noninvariant_part(W, group)))
        report(f"rank bound {config.label}", r / len(ranks))
    free = torch.stack([_unbounded(config, x, y, group) for x, y in zip(X, Y, strict=True)])
    outcomes = []
    for i in range(len(seeds)):
        own = {name: torch.stack(values)[:, i].numpy() for name, values in curves.items()}
        own["difference"] = np.array(
            [float((W[i] - free[i]).norm() / free[i].norm()) for W in optima]
        )
        outcomes.append(Outcome(_summary(own, ranks, group), {"rank": ranks, **own}))
    return outcomes


def _summary(own: dict[str, np.ndarray], ranks: np.ndarray, group: Group) -> dict[str, float]:
    """Where the bound stops to bind, and what it costs before."""
    excess = own["loss"] / own["loss"][-1] - 1
    first = int(ranks[np.flatnonzero(excess <= BINDING)[0]])
    orbits = group.orbit_basis().shape[1]
    found = {
        "orbits": orbits,
        "target_rank": first,  # the loss is ‖Y‖² less the r largest σ²: it stops falling there
        "difference_unbounded": float(own["difference"][-1]),
        "difference_beyond": float(own["difference"][first - 1 :].max()),
    }
    for place, r in (*((str(r), r) for r in (1, 3, 5)), ("orbits", orbits), ("all", len(ranks))):
        for name in FOLLOWED:
            found[f"{name}_rank_{place}"] = float(own[name][min(r, len(ranks)) - 1])
    return found


def _unbounded(config: RankBound, X: Tensor, Y: Tensor, group: Group) -> Tensor:
    """The best map of any rank by plain least squares, of least norm: none of the closed forms."""
    if config.method == "constrained":
        design, targets = X @ group.reynolds(), Y
    elif config.method == "augmented":
        design, targets = group.orbit(X).flatten(0, 1), Y.repeat_interleave(group.order, 0)
    else:
        weight = (len(X) * CLASSES * config.strength) ** 0.5
        design = torch.cat([X, weight * group.constraint().mT])
        targets = torch.cat([Y, Y.new_zeros(group.constraint().shape[1], Y.shape[1])])
    solved, *_ = np.linalg.lstsq(design.numpy(), targets.numpy(), rcond=1e-12)
    return torch.from_numpy(solved.T)


EXPERIMENT = Experiment(
    name="linear/rank_bound",
    module="invlib.studies.linear.rank_bound",
    attribute="EXPERIMENT",
    config=RankBound,
    data=lambda config: config.dataset,
    run=solve,
    label=lambda config: config.label,
)
