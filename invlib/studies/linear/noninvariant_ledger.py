"""What drives ‖W_⊥‖ under data augmentation: training with accounts (linear, Sec. 4.3, question 1).

Data: random subsets of MNIST at 14x14 (or the bundled digits), squared error, quarter turns. Small
steps of gradient descent follow the flow of the loss; Adam is what the paper uses; `shared_adam` is
Adam whose averaged squares are averaged over each pixel orbit too, so that its step commutes with
the group average. Ten seeds train as one batch: 20,000 steps of descent take a few seconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from invlib.config import option
from invlib.experiment import Experiment, Outcome, Report
from invlib.groups import Group, rotations
from invlib.methods.mean_squared_error import MeanSquaredError
from invlib.methods.split_error import EigenSplit, PixelSplit, invariance_error, target_error
from invlib.models.two_layer import TwoLayerLinear
from invlib.studies.linear.sample import CLASSES, Sample, training_subsets
from invlib.training.attributed import Adam, GradientDescent, UpdateRule
from invlib.training.ledger import ACCOUNTS, Weights, train_with_ledger
from invlib.training.seeds import stream

RULES = ("descent", "adam", "shared_adam")
USUAL_RATE = {"descent": 0.2, "adam": 0.001, "shared_adam": 0.001}


@dataclass(frozen=True)
class Ledger(Sample):
    """One augmented training; the seed chooses the subset and the initialization."""

    hidden: int = option(5, "hidden units: the rank bound", low=1, high=CLASSES)
    rule: str = option("descent", "how a step is taken", choices=RULES)
    learning_rate: float = option(0.2, "size of a step", low=1e-9)
    epochs: int = option(1000, "full-batch steps", low=1)
    observe_every: int = option(50, "epochs between points of a curve", low=1)
    init_scale: float = option(1.0, "initial weights over PyTorch's default", low=1e-9)
    target: float = option(1.0, "weight of the target error", low=0.0)
    balance: float = option(1.0, "weight of the invariance error", low=0.0)
    hold_second: bool = option(False, "whether W2 stays as it was initialized")

    @property
    def label(self) -> str:
        """The rule, and what differs from plain training with it, as in adam+init=0.3."""
        parts = [self.rule]
        usual = {"learning_rate": USUAL_RATE[self.rule], "init_scale": 1.0, "balance": 1.0}
        words = {"learning_rate": "rate", "init_scale": "init", "balance": "balance"}
        for name, value in usual.items():
            if getattr(self, name) != value:
                parts.append(f"{words[name]}={getattr(self, name):g}")
        if self.target != 1.0:
            parts.append(f"target={self.target:g}")
        return "+".join(parts + ["held"] * self.hold_second)


class _Notes:
    """The points of all curves, for all seeds at once, in eigenvectors of A."""

    def __init__(self, split: EigenSplit, rotate: bool) -> None:
        self.split, self.rotate = split, rotate
        self.epochs: list[int] = []
        self.points: dict[str, list[Tensor]] = {}

    def see(self, epoch: int, first: Tensor, second: Tensor, accounts: Tensor) -> None:
        first = first @ self.split.vectors if self.rotate else first
        V = first - self.split.average(first)
        noninvariant = second @ V
        seen = {
            "noninvariant_norm": _norm(noninvariant),
            "noninvariant_first_norm": _norm(V),
            "second_norm": _norm(second),
            "blank_norm": _norm(noninvariant * self.split.blank()),
            "target_error": target_error(self.split, second @ first),
            "invariance_error": invariance_error(self.split, second @ first),
            **dict(zip(ACCOUNTS, accounts, strict=True)),
        }
        self.epochs.append(epoch)
        for name, values in seen.items():
            self.points.setdefault(name, []).append(values)

    def curve(self, name: str) -> np.ndarray:
        """One curve of every seed: [seeds, points]."""
        return torch.stack(self.points[name], -1).numpy()


def keep_account(config: Ledger, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """Train one network per seed, all at once; for descent, also the one-way forecast."""
    group = rotations(config.side)
    X, Y = training_subsets(config, seeds)
    split = EigenSplit.of(X, Y, group)
    weights = Weights(config.target, config.balance, hold_second=config.hold_second)
    notes, W = _trained(config, seeds, report, split, weights, X, Y, group)
    curves = {name: notes.curve(name) for name in notes.points}
    norm = curves["noninvariant_norm"]
    gap = MeanSquaredError().on_orbits(X, Y, group).value(W @ split.vectors.mT) - (
        target_error(split, W) + invariance_error(split, W)
    )
    metrics = {name: values[:, -1] for name, values in curves.items()}
    metrics |= {
        "split_gap": gap.abs().numpy(),
        "largest_rise": largest_rise(norm),
        "first_largest_rise": largest_rise(curves["noninvariant_first_norm"]),
        "unaccounted": norm[:, -1] ** 2
        - norm[:, 0] ** 2
        - sum(curves[name][:, -1] for name in ACCOUNTS),
    }
    if config.rule == "descent" and config.target and not config.hold_second:
        one_way = Weights(config.target, config.balance, feedback=False)
        forecast, _ = _trained(config, seeds, report, split, one_way, X, Y, group)
        curves["one_way_norm"] = forecast.curve("noninvariant_norm")
        metrics["one_way_norm"] = curves["one_way_norm"][:, -1]
        metrics["one_way_rise"] = largest_rise(curves["one_way_norm"])
    epochs = np.array(notes.epochs, dtype=np.int32)
    return [
        Outcome(
            metrics={name: float(values[i]) for name, values in metrics.items()},
            curves={"epoch": epochs}
            | {name: values[i].astype(np.float32) for name, values in curves.items()},
        )
        for i in range(len(seeds))
    ]


def largest_rise(curves: np.ndarray) -> np.ndarray:
    """By how much each curve [seeds, points] ever climbs above an earlier value of its own."""
    return (curves - np.minimum.accumulate(curves, axis=1)).max(1)


def _trained(
    config: Ledger,
    seeds: Sequence[int],
    report: Report,
    split: EigenSplit,
    weights: Weights,
    X: Tensor,
    Y: Tensor,
    group: Group,
) -> tuple[_Notes, Tensor]:
    """The curves of one training, and the last W in eigenvectors of A."""
    network = TwoLayerLinear(
        inputs=group.pixels,
        hidden=config.hidden,
        outputs=CLASSES,
        generators=[stream(seed, "init") for seed in seeds],
        init_scale=config.init_scale,
    )
    first, second = network.first.detach(), network.second.detach()
    descent = config.rule == "descent"
    notes = _Notes(split, rotate=not descent)
    last: list[Tensor] = []

    def observe(epoch: int, first: Tensor, second: Tensor, accounts: Tensor) -> None:
        notes.see(epoch, first, second, accounts)
        last[:] = [second @ (first if descent else first @ split.vectors)]
        report(f"noninvariant_ledger {config.label}, {len(seeds)} seeds", epoch / config.epochs)

    # Adam's step depends on the coordinates; that of gradient descent does not.
    coordinates = split if descent else PixelSplit.of(X, Y, group)
    train_with_ledger(
        first @ split.vectors if descent else first,
        second,
        coordinates,
        _rules(config, coordinates),
        weights,
        epochs=config.epochs,
        observe_every=config.observe_every,
        observe=observe,
    )
    return notes, last[0]


def _rules(config: Ledger, split: EigenSplit | PixelSplit) -> tuple[UpdateRule, UpdateRule]:
    """How W₁ and W₂ step."""
    rate = config.learning_rate
    if config.rule == "descent":
        return GradientDescent(rate), GradientDescent(rate)
    share = split.average if config.rule == "shared_adam" else None
    return Adam(rate, share), Adam(rate)


def _norm(matrix: Tensor) -> Tensor:
    return torch.linalg.matrix_norm(matrix)


EXPERIMENT = Experiment(
    name="linear/noninvariant_ledger",
    module="invlib.studies.linear.noninvariant_ledger",
    attribute="EXPERIMENT",
    config=Ledger,
    data=lambda config: config.dataset,
    run=keep_account,
    label=lambda config: config.label,
)
