"""What a saliency map says and hides: completeness, saturation, the baseline, the threshold."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from invlib.groups import Group, rotations
from invlib.metrics.similarity import cosine
from invlib.models.orbit_average import orbit_average
from invlib.saliency import Model, integrated_gradients, keep_strongest, smooth
from invlib.saliency.choices import integrated_from, keep_from
from invlib.saliency.maps import KEPT
from invlib.studies.genuine.primer_network import Drawn

STEPS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
SHARES = (0.0, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0)  # of the maximum: the threshold
WAY = 100  # intervals on the way from black to the image
Found = tuple[Mapping[str, float], Mapping[str, np.ndarray]]


def three_steps(f: Model, x: Tensor, y: Tensor, side: int, steps: int) -> Found:
    """The paper's map of an image and of its quarter turn, step by step: [2, 5, pixels].

    The image is the one whose two maps agree least, among those given their class in both poses.
    """
    group = rotations(side)
    rows, right = [], torch.ones_like(y, dtype=torch.bool)
    for k in (0, 1):
        turned = group.act(x, k)
        right &= f(turned).argmax(1) == y
        attributions = integrated_gradients(f, turned, y, steps=steps)
        kept = keep_strongest(attributions.abs())
        parts = torch.stack([turned, attributions, attributions.abs(), kept, smooth(kept)], 1)
        rows.append(group.act(parts, group.inverse(k)))  # turned back, to be compared
    still, moved = rows
    similarity = cosine(still[:, -1], moved[:, -1])
    shown = int(torch.where(right, similarity, 2).argmin())
    both = torch.stack([still[shown], moved[shown]]).float().numpy()
    return {"shown_SI": float(similarity[shown])}, {"steps_shown": both}


def completeness(f: Model, x: Tensor, y: Tensor) -> dict[str, np.ndarray]:
    """How far the attributions miss f_y(x) − f_y(black) in sum, over the number of steps."""
    difference = _logit(f(x) - f(torch.zeros_like(x)), y)
    gaps = [
        (integrated_gradients(f, x, y, steps=n).sum(1) - difference).abs().mean() for n in STEPS
    ]
    gap = np.array([float(one / difference.abs().mean()) for one in gaps])
    return {"steps": np.array(STEPS), "completeness_gap": gap}


def saturation(f: Model, image: Tensor, label: Tensor) -> Found:
    """The probability of the class on the way from black to the image, and its slope."""
    t = torch.linspace(0, 1, WAY + 1, dtype=torch.float64, requires_grad=True)
    probability = f(t[:, None] * image).softmax(-1)[:, label]
    (slope,) = torch.autograd.grad(probability.sum(), t)
    probability = probability.detach()
    rise = probability[-1] - probability[0]
    metrics = {
        "slope_at_image": float(slope[-1] / rise),
        "slope_area_gap": float((torch.trapezoid(slope, t.detach()) - rise).abs() / rise.abs()),
    }
    return metrics, {"way": torch.stack([t.detach(), probability, slope]).numpy()}


def baselines(f: Model, drawn: Drawn, explained: int, steps: int) -> Found:
    """Where attributions lie for three baselines, and whether those of h turn with the image."""
    group = rotations(drawn.side)
    h = orbit_average(f, group)
    x, y = drawn.test[:explained], drawn.test_labels[:explained]
    starts = {
        "black": torch.zeros_like(x[0]),
        "white": torch.ones_like(x[0]),
        "another": drawn.test[-1],  # an image that a turn changes
    }
    metrics, maps = {}, []
    for name, start in starts.items():
        size = integrated_from(f, x, y, start, steps=steps).abs()
        maps.append(size)
        metrics[f"blank_share_{name}"] = float((size * (x == 0)).sum() / size.sum())
        aligned = _aligned(h, x, y, group, start, steps)
        metrics[f"invariant_SI_{name}"] = _similarity(aligned, KEPT)
    return metrics, {"baseline_maps": torch.stack(maps, 1).float().numpy()}


def thresholds(f: Model, drawn: Drawn, explained: int, steps: int) -> dict[str, np.ndarray]:
    """SI of three functions, and how much of a map is kept, over the share of the maximum."""
    group = rotations(drawn.side)
    x, y = drawn.test[:explained], drawn.test_labels[:explained]
    learned, averaged, untrained = (
        _aligned(model, x, y, group, torch.zeros_like(x[0]), steps)
        for model in (f, orbit_average(f, group), drawn.untrained)
    )
    kept = [keep_from(learned[0], share).count_nonzero(-1).double().mean() for share in SHARES]
    return {
        "share": np.array(SHARES),
        "threshold_SI": np.array([_similarity(learned, share) for share in SHARES]),
        "threshold_SI_invariant": np.array([_similarity(averaged, share) for share in SHARES]),
        "threshold_SI_untrained": np.array([_similarity(untrained, share) for share in SHARES]),
        "kept_pixels": np.array([float(one) for one in kept]),
    }


def _aligned(
    model: Model, x: Tensor, y: Tensor, group: Group, start: Tensor, steps: int
) -> list[Tensor]:
    """g⁻¹ |IG(g x)| for every g, the identity first."""
    found = []
    for k in range(group.order):
        size = integrated_from(model, group.act(x, k), y, start, steps=steps).abs()
        found.append(group.act(size, group.inverse(k)))
    return found


def _similarity(aligned: Sequence[Tensor], share: float) -> float:
    """SI (eq. 3) with another threshold, from sizes that were turned back already.

    Threshold and filter commute with the group, so they may come after the turn.
    """
    still, *moved = (smooth(keep_from(size, share)) for size in aligned)
    return float(torch.stack([cosine(still, other) for other in moved]).mean())


def _logit(logits: Tensor, y: Tensor) -> Tensor:
    return logits.gather(1, y[:, None]).squeeze(1)
