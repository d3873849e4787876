"""The smallest network whose augmented optimum is not the hard-wired one (our question).

Two pixels, a group of two that swaps them, one output, and two samples: (1, −1) with target 1 and
(1, 1) with target 0, so that X Xᵀ has full rank. A swap turns (1, −1) into its negative. The loss
is the mean squared error over both samples in both poses.

With one ReLU unit v · relu(w · x), one of f(1, −1) and f(−1, 1) is 0, so the augmented loss is at
least 1/4, and w = (1/2, −1/2) reaches it. Every invariant function of this class is 0 on both, with
loss 1/2; so is every function of orbit means, since those of (1, −1) are 0. With two units,
relu(z) + relu(−z) = |z| is invariant and fits exactly, and orbit means still cannot. With a linear
unit all problems have the optimum 1/2, as paper linear proves (Theorem 12).

Numbers come from the seed: each run starts many networks and keeps the best. Seconds on one core.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from invlib.config import Config, option
from invlib.experiment import RANDOM, Experiment, Outcome, Report
from invlib.groups import from_permutations
from invlib.models.activations import ACTIVATIONS
from invlib.models.mlp import BatchedMLP
from invlib.studies.linear.nonlinear_sample import orbit_means
from invlib.studies.linear.nonlinear_training import METHODS
from invlib.training.batched import train_batched
from invlib.training.seeds import stream

X = torch.tensor([[1.0, -1.0], [1.0, 1.0]], dtype=torch.float64)
Y = torch.tensor([[1.0], [0.0]], dtype=torch.float64)
SWAP = from_permutations([[0, 1], [1, 0]])
OPTIMA = {  # the global minima, derived above
    ("augmented", "relu", 1): 0.25,
    ("constrained", "relu", 1): 0.5,
    ("augmented", "relu", 2): 0.0,
    ("constrained", "relu", 2): 0.5,
    ("augmented", "identity", 1): 0.5,
    ("constrained", "identity", 1): 0.5,
}


@dataclass(frozen=True)
class FlipExample(Config):
    """One way to invariance for one tiny network; the seed starts `restarts` of them."""

    method: str = option("augmented", "the way to invariance", choices=METHODS)
    activation: str = option("relu", "activation function", choices=tuple(ACTIVATIONS))
    hidden: int = option(1, "hidden units", low=1)
    restarts: int = option(20, "networks per seed, of which the best counts", low=1)
    epochs: int = option(500, "full-batch steps", low=1)
    learning_rate: float = option(0.02, "Adam's learning rate", low=1e-9)

    @property
    def label(self) -> str:
        return f"{self.method}+{self.activation}+{self.hidden}"


def train(config: FlipExample, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """All restarts of all seeds as one batch."""
    poses = SWAP.orbit(X) if config.method == "augmented" else orbit_means(X, SWAP).unsqueeze(1)
    network = BatchedMLP(
        widths=(poses.shape[-1], config.hidden, 1),
        activation=config.activation,
        generators=[stream(seed, f"restart {i}") for seed in seeds for i in range(config.restarts)],
        dtype=torch.float64,
    )

    def values() -> Tensor:  # [networks, samples, poses]
        return network(poses.flatten(0, 1)).view(-1, *poses.shape[:2])

    def losses() -> Tensor:
        return (values() - Y).square().mean((-2, -1))

    def observe(epoch: int) -> Tensor:
        report(f"flip example {config.label}", epoch / config.epochs)
        return losses().detach()

    train_batched(
        network,
        lambda: losses().sum().backward(),
        epochs=config.epochs,
        learning_rate=config.learning_rate,
        observe_every=100,
        observe=observe,
    )
    with torch.no_grad():
        final = losses().view(len(seeds), -1)
        spread = values().var(-1, correction=0).mean(-1).view(len(seeds), -1)
    best = final.argmin(1)
    return [
        Outcome(
            {
                "loss": float(final[i, best[i]]),
                "spread": float(spread[i, best[i]]),
                "share_at_best": float((final[i] < final[i, best[i]] + 1e-3).double().mean()),
            }
        )
        for i in range(len(seeds))
    ]


EXPERIMENT = Experiment(
    name="linear/flip_example",
    module="invlib.studies.linear.flip_example",
    attribute="EXPERIMENT",
    config=FlipExample,
    data=lambda config: RANDOM,
    run=train,
    label=lambda config: config.label,
)
