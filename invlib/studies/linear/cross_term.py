"""Why a penalty does not send W_⊥ to zero: the error has a term linear in it (linear, Sec. 4.3).

On plain images the second moment does not commute with the group average. With W = W Ḡ + W_⊥,

    L(W) = L(W Ḡ) + ⟨∇L(W Ḡ), W_⊥⟩ + q(W_⊥),   q(W_⊥) = tr(W_⊥ A W_⊥ᵀ) + λ ‖W_⊥ G‖².

The middle one is the cross term. Where it is negative, W_⊥ pays; at a critical point of the network
it is −2 q. Trained with Adam as `two_layer` trains; seconds for ten seeds on two cores.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from invlib.config import option
from invlib.experiment import Experiment, Outcome, Report
from invlib.groups import rotations
from invlib.methods.mean_squared_error import MeanSquaredError
from invlib.methods.ways import Regularized
from invlib.metrics import noninvariant_part
from invlib.models.two_layer import TwoLayerLinear
from invlib.studies.linear.optimum import Problem, optimum
from invlib.studies.linear.sample import CLASSES, training_subsets
from invlib.training.full_batch import train_full_batch
from invlib.training.seeds import stream


@dataclass(frozen=True)
class CrossTerm(Problem):
    """One regularized training; the seed chooses the subset and the initialization."""

    method: str = option("regularized", "the way to invariance", choices=("regularized",))
    strength: float = option(0.01, "weight λ of the penalty ‖WG‖²", low=0.0)
    epochs: int = option(1000, "full-batch steps", low=1)
    learning_rate: float = option(0.001, "Adam's learning rate", low=1e-9)
    observe_every: int = option(50, "epochs between points of a curve", low=1)


def follow(config: CrossTerm, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """Train one regularized network per seed, all at once, and follow the three parts."""
    group = rotations(config.side)
    X, Y = training_subsets(config, seeds)
    objective = Regularized(config.strength).objective(MeanSquaredError(), X, Y, group)
    network = TwoLayerLinear(
        inputs=group.pixels,
        hidden=config.hidden,
        outputs=CLASSES,
        generators=[stream(seed, "init") for seed in seeds],
    )
    epochs: list[int] = []
    points: dict[str, list[Tensor]] = {}

    def observe(epoch: int, W: Tensor, loss: Tensor) -> None:
        outside = noninvariant_part(W, group)
        inside = W - outside
        alone = objective.value(inside)
        cross = (objective.gradient(inside) * outside).sum((-2, -1))
        seen = {
            "noninvariant_norm": torch.linalg.matrix_norm(outside),
            "invariant_loss": alone,
            "cross_term": cross,
            "own_term": loss - alone - cross,
        }
        epochs.append(epoch)
        for name, values in seen.items():
            points.setdefault(name, []).append(values)
        report(f"cross_term {config.label}, {len(seeds)} seeds", epoch / config.epochs)

    train_full_batch(
        network,
        objective,
        epochs=config.epochs,
        learning_rate=config.learning_rate,
        observe_every=config.observe_every,
        observe=observe,
    )
    best = torch.stack([optimum(config, x, y, group) for x, y in zip(X, Y, strict=True)])
    best_norm = torch.linalg.matrix_norm(noninvariant_part(best, group))
    curves = {name: torch.stack(values, -1).numpy() for name, values in points.items()}
    return [
        Outcome(
            metrics={name: float(values[i, -1]) for name, values in curves.items()}
            | {"optimum_noninvariant_norm": float(best_norm[i])},
            curves={"epoch": np.array(epochs, dtype=np.int32)}
            | {name: values[i].astype(np.float32) for name, values in curves.items()},
        )
        for i in range(len(seeds))
    ]


EXPERIMENT = Experiment(
    name="linear/cross_term",
    module="invlib.studies.linear.cross_term",
    attribute="EXPERIMENT",
    config=CrossTerm,
    data=lambda config: config.dataset,
    run=follow,
    label=lambda config: f"split-{config.label}",
)
