"""The global optimum of each way in closed form, and how well it classifies turned images.

No training: seconds for many subsets. It shows what a choice that the paper leaves open, such as
how images are made smaller, does to the accuracy that training approaches.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from invlib.closed_form import augmented_optimum, constrained_optimum, regularized_optimum
from invlib.config import option
from invlib.errors import UsageError
from invlib.experiment import Experiment, Outcome, Report
from invlib.groups import Group, rotations
from invlib.studies.linear.sample import CLASSES, Sample, training_subsets

METHODS = ("constrained", "augmented", "regularized")


@dataclass(frozen=True)
class Problem(Sample):
    """One way at one strength on one kind of images; the seed chooses the subset."""

    hidden: int = option(5, "hidden units: the rank bound", low=1, high=CLASSES)
    method: str = option("augmented", "the way to invariance", choices=METHODS)
    strength: float = option(0.0, "weight of the penalty ‖WG‖² (regularized only)", low=0.0)

    def check(self) -> None:
        if self.method != "regularized" and self.strength:
            raise UsageError(f"parameter strength is {self.strength}; only regularized takes one.")

    @property
    def label(self) -> str:
        """A short name: the method, with its strength if it has one."""
        return f"{self.method}-{self.strength:g}" if self.strength else self.method


def optimum(problem: Problem, X: Tensor, Y: Tensor, group: Group) -> Tensor:
    """The best W of the problem for one subset, [classes, pixels]."""
    if problem.method == "constrained":
        return constrained_optimum(X, Y, group, problem.hidden)
    if problem.method == "augmented":
        return augmented_optimum(X, Y, group, problem.hidden)
    # The mean over classes in our loss divides the error, not the penalty, of the paper's eq. 7.
    return regularized_optimum(X, Y, group, problem.hidden, problem.strength * CLASSES)


def augmented_accuracy(W: Tensor, X: Tensor, Y: Tensor, group: Group) -> Tensor:
    """The share of all transformed images that W [seeds, classes, pixels] classifies rightly.

    W ρ(g) is applied to the plain images: turning the few rows of W, not the many images.
    """
    labels = Y.argmax(-1)
    W, X = W.float(), X.float()
    hits = []
    for k in range(group.order):
        turned = group.act(W, group.inverse(k))
        hits.append(((X @ turned.mT).argmax(-1) == labels).float().mean(-1))
    return torch.stack(hits).mean(0).double()


def solve(problem: Problem, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """The accuracy of the optimum on the augmented training set, for one subset per seed."""
    group = rotations(problem.side)
    X, Y = training_subsets(problem, seeds)
    W = torch.stack([optimum(problem, x, y, group) for x, y in zip(X, Y, strict=True)])
    accuracy = augmented_accuracy(W, X, Y, group)
    report(f"optimum {problem.pooling} {problem.label}, {len(seeds)} seeds", 1.0)
    return [Outcome({"accuracy": float(value)}) for value in accuracy]


EXPERIMENT = Experiment(
    name="linear/optimum",
    module="invlib.studies.linear.optimum",
    attribute="EXPERIMENT",
    config=Problem,
    data=lambda problem: problem.dataset,
    run=solve,
    label=lambda problem: f"{problem.pooling}-{problem.label}",
)
