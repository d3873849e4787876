"""What σ_max(J) says: the longest axis of the image of a small ball, and what shrinking does."""

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from invlib.metrics import (
    jacobian_norm,
    logit_invariance_error,
    predictive_invariance_error,
    saliency_similarity,
)
from invlib.metrics.orbit_accuracy import orbit_accuracy
from invlib.saliency import Model
from invlib.studies.genuine.primer_functions import agreement
from invlib.studies.genuine.primer_network import Drawn
from invlib.studies.genuine.primer_orbits import groups_of
from invlib.studies.genuine.sample import CLASSES
from invlib.training.seeds import stream

RADII = (0.001, 0.2, 0.6)  # of balls around an image, over the length of the image
ANGLES = 90
DIRECTIONS = 1000
BETWEEN = 8  # points on the way from x to g x
PAIRS = 20_000  # of random logits
NOISE = 0.05  # standard deviation in each pixel
FACTORS = np.logspace(-2, 1, 7)  # what all logits are multiplied by


def ball(
    f: Model, image: Tensor, seed: int
) -> tuple[Mapping[str, float], Mapping[str, np.ndarray]]:
    """A ball of images around one, in its two strongest directions, and what f makes of it."""
    J = torch.autograd.functional.jacobian(lambda x: f(x[None])[0], image)
    U, S, V = torch.linalg.svd(J, full_matrices=False)
    angle = torch.linspace(0, 2 * torch.pi, ANGLES + 1, dtype=torch.float64)
    circle = torch.stack([angle.cos(), angle.sin()], 1) @ V[:2]
    radii = torch.tensor(RADII, dtype=torch.float64) * image.norm()
    moved = torch.stack([(f(image + r * circle) - f(image[None])) / r for r in radii])
    tiny = radii[0]
    random = torch.randn(DIRECTIONS, len(image), generator=stream(seed, "directions")).double()
    random /= random.norm(dim=1, keepdim=True)
    response = (f(image + tiny * random) - f(image[None])).norm(dim=1) / tiny
    strongest = (f((image + tiny * V[0])[None]) - f(image[None])).norm() / tiny
    metrics = {
        "best_direction": float(strongest / S[0]),
        "random_direction": float(response.mean() / S[0]),
        "random_direction_largest": float(response.max() / S[0]),
        "sigma_max_gap": float((jacobian_norm(f, image[None])[0] - S[0]).abs() / S[0]),
    }
    return metrics, {"ball": (moved @ U[:, :2]).numpy(), "singular": S.numpy()}


def largest_slope(f: Model, x: Tensor) -> Mapping[str, float]:
    """‖f(x) − f(g x)‖ over ‖x − g x‖ times the largest σ_max(J) met between them, its maximum."""
    found = {}
    for name, group in groups_of(round(x.shape[1] ** 0.5)).items():
        ratios = []
        for k in range(1, group.order):
            step = group.act(x, k) - x
            parts = (torch.arange(BETWEEN, dtype=torch.float64) + 0.5) / BETWEEN
            way = (x + parts[:, None, None] * step).flatten(0, 1)
            steepest = jacobian_norm(f, way).view(BETWEEN, -1).amax(0)
            moved = (f(x + step) - f(x)).norm(dim=1)
            ratios.append(moved / (steepest * step.norm(dim=1)))
        found[f"slope_ratio_{name}"] = float(torch.stack(ratios).max())
    return found


def shrinking(
    f: Model, drawn: Drawn, explained: int, steps: int, seed: int
) -> dict[str, np.ndarray]:
    """All measures of s f for factors s: curves over the number of the factor."""
    turns, shifts = groups_of(drawn.side).values()
    x, y = drawn.test, drawn.test_labels
    few, labels = x[:explained], y[:explained]
    noisy = x + NOISE * torch.randn(x.shape, generator=stream(seed, "noise"), dtype=x.dtype)
    rows = []
    for s in FACTORS:

        def scaled(z: Tensor, s: float = float(s)) -> Tensor:
            return s * f(z)

        rows.append(
            {
                "factor": s,
                "LI_R4": logit_invariance_error(scaled, x, turns),
                "LI_T3": logit_invariance_error(scaled, x, shifts),
                "noise_error": float((scaled(x) - scaled(noisy)).square().sum(1).mean() / 2),
                "DI_R4": predictive_invariance_error(scaled, x, turns),
                "SI_R4": saliency_similarity(scaled, few, labels, turns, steps=steps),
                "sigma_max": float(jacobian_norm(scaled, few).mean()),
                "scaled_accuracy": float((scaled(x).argmax(1) == y).double().mean()),
                "loss": float(cross_entropy(scaled(x), y)),
            }
        )
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def divergence_over_distance(seed: int) -> Mapping[str, float]:
    """The largest KL(softmax a ‖ softmax b) over ½ ‖a − b‖² that random logits give.

    It cannot exceed a half, since the Hessian of log Σ exp has no eigenvalue above a half. It comes
    close where two classes tie, the others are far below, and b is near a.
    """
    chance = stream(seed, "logits")
    spread = 10 ** (3 * torch.rand((2, PAIRS, 1), generator=chance, dtype=torch.float64) - 2)
    a, change = torch.randn((2, PAIRS, CLASSES), generator=chance, dtype=torch.float64) * spread
    two = torch.arange(CLASSES) < 2
    found = {
        "any": _ratios(a, a + change),
        "tie": _ratios(torch.where(two, 0.0, -40.0), torch.where(two, change, -40.0)),
    }
    return {f"DI_over_LI_{name}": float(ratios.max()) for name, ratios in found.items()}


def _ratios(a: Tensor, b: Tensor) -> Tensor:
    p, q = a.log_softmax(-1), b.log_softmax(-1)
    return (p.exp() * (p - q)).sum(-1) / ((a - b).square().sum(-1) / 2)


def learned(f: Model, drawn: Drawn) -> Mapping[str, float]:
    """How well the network does on turned images, and how it takes shifts it was never shown."""
    turns, shifts = groups_of(drawn.side).values()
    return {
        "learned_accuracy": orbit_accuracy(f, drawn.test, drawn.test_labels, turns),
        "learned_agreement_T3": agreement(f, drawn.test, shifts),
        "learned_LI_T3": logit_invariance_error(f, drawn.test, shifts),
    }
