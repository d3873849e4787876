"""The penalty alone on a trained network: what of Proposition 3.1 is left when there are layers.

From the network that augmentation gave, follow the gradient of a penalty without any task. The
step is `pace` times what would bring a quadratic penalty to zero along the gradient (Polyak's), so
that the penalty falls by a like share per step, whatever its scale.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from invlib.config import option
from invlib.experiment import Experiment, Outcome, Report
from invlib.methods.invariance_penalties import PENALTIES
from invlib.metrics.jacobian import jacobian_norm
from invlib.metrics.layer_pull import layer_pull
from invlib.metrics.orbit_accuracy import orbit_accuracy
from invlib.metrics.predictions import logit_invariance_error
from invlib.metrics.weight_norms import spectral_norms
from invlib.studies.genuine.kinds import Trained
from invlib.studies.genuine.narrowed import narrowed
from invlib.studies.genuine.networks import Network, networks
from invlib.training.seeds import stream

IMAGES = 1000  # training images under the penalty, at most
POINTS = 20  # at which the network is looked at, beside the start
LOOKED_AT = 200  # test images for accuracy and σ_max(J)


@dataclass(frozen=True)
class PenaltyAlone(Network):
    """A network, and the course of the descent that follows."""

    penalty: str = option("l2", "the penalty that is followed", choices=tuple(PENALTIES))
    images: int = option(IMAGES, "training images under the penalty, at most", low=1)
    steps: int = option(60, "steps of gradient descent", low=1)
    pace: float = option(0.05, "share of the step that would end it at once", low=1e-6, high=1.0)


def follow(config: PenaltyAlone, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """Train, or recall, the networks of some seeds and let the penalty act on each."""
    trained = networks(narrowed(config, Network), seeds, report)
    return [_outcome(one, config, seed) for one, seed in zip(trained, seeds, strict=True)]


def _outcome(one: Trained, config: PenaltyAlone, seed: int) -> Outcome:
    x = one.parts.normalize(one.parts.train.pixels[: config.images]).double()
    k = torch.randint(1, one.group.order, (len(x),), generator=stream(seed, "alone"))
    network = one.network.double()
    weights = list(network.parameters())
    both = network.encode(torch.cat([x, one.group.act(x, k)])[None])

    def penalty() -> Tensor:
        a, b = network(both).chunk(2, 1)
        return PENALTIES[config.penalty](a, b).mean()

    for weight in weights:
        weight.requires_grad_(True)
    pulls = layer_pull(penalty, weights)
    curves = _descend(penalty, weights, config, lambda: _look(one, network, penalty, weights))
    metrics = {
        "pull_over_penalty": float(
            pulls.mean() / penalty().detach().new_tensor(curves["penalty"][0])
        ),
        "pull_spread": float((pulls.max() - pulls.min()) / curves["penalty"][0]),
    }
    return Outcome(metrics | _summary(curves, len(weights)), curves)


def _descend(
    penalty: Callable[[], Tensor],
    weights: Sequence[Tensor],
    config: PenaltyAlone,
    look: Callable[[], dict[str, float]],
) -> dict[str, np.ndarray]:
    points = set(np.linspace(0, config.steps, POINTS + 1).astype(int).tolist())
    seen = [{"step": 0, **look()}]
    for step in range(1, config.steps + 1):
        with torch.enable_grad():
            value = penalty()
            slopes = torch.autograd.grad(value, list(weights))
        length = sum(float(slope.square().sum()) for slope in slopes)
        rate = config.pace * 2 * float(value.detach()) / max(length, 1e-30)
        with torch.no_grad():
            for weight, slope in zip(weights, slopes, strict=True):
                weight -= rate * slope
        if step in points:
            seen.append({"step": step, **look()})
    return {name: np.array([one[name] for one in seen]) for name in seen[0]}


@torch.no_grad()
def _look(
    one: Trained, network: nn.Module, penalty: Callable[[], Tensor], weights: Sequence[Tensor]
) -> dict[str, float]:
    """The penalty; accuracy, LI and σ_max(J) on unseen images; the size of every layer."""
    test = one.parts.test
    x = one.parts.normalize(test.pixels[:LOOKED_AT]).double()
    norms = {f"norm_{i + 1}": float(n) for i, n in enumerate(spectral_norms(weights))}
    squares = {f"square_{i + 1}": float(w.square().sum()) for i, w in enumerate(weights)}
    sigma = float(jacobian_norm(one.logits, x).mean())
    accuracy = orbit_accuracy(one.logits, x, test.labels[:LOOKED_AT], one.group)
    found = {"penalty": float(penalty()), "accuracy": accuracy, "sigma_max": sigma}
    found["LI"] = logit_invariance_error(one.logits, x, one.group)
    return found | norms | squares


def _summary(curves: dict[str, np.ndarray], layers: int) -> dict[str, float]:
    """From the first look to the last: what fell, what rose, and how alike layers are."""
    norms = [curves[f"norm_{i + 1}"] for i in range(layers)]
    falls = [curves[f"square_{i + 1}"][0] - curves[f"square_{i + 1}"][-1] for i in range(layers)]
    sizes = [curves[f"square_{i + 1}"][0] for i in range(layers)]
    return {
        "penalty_ratio": float(curves["penalty"][-1] / curves["penalty"][0]),
        "LI_ratio": float(curves["LI"][-1] / curves["LI"][0]),
        "sigma_ratio": float(curves["sigma_max"][-1] / curves["sigma_max"][0]),
        "accuracy_start": float(curves["accuracy"][0]),
        "accuracy_end": float(curves["accuracy"][-1]),
        "norm_ratio_highest": float(max((n / n[0]).max() for n in norms)),
        "norm_ratio_end_highest": float(max(n[-1] / n[0] for n in norms)),
        "norm_ratio_end_lowest": float(min(n[-1] / n[0] for n in norms)),
        "least_fall": float(min(falls)),
        "fall_spread": float((max(falls) - min(falls)) / max(abs(fall) for fall in falls)),
        "fall_share": float(np.mean(falls) / np.mean(sizes)),
    }


EXPERIMENT = Experiment(
    name="genuine/penalty_alone",
    module=__name__,
    attribute="EXPERIMENT",
    config=PenaltyAlone,
    data=lambda config: config.dataset,
    run=follow,
    label=lambda config: f"alone-{config.group}-{config.penalty}",
)
