"""What the nonlinear networks of paper linear (App. C.3) are measured on, and with what."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from invlib.errors import UsageError
from invlib.groups import Group
from invlib.methods.ways import Constrained
from invlib.metrics.relative import READINGS, median_error, relative_errors
from invlib.studies.linear.sample import Sample, unseen_images
from invlib.training.seeds import stream

POINTS = ("images", "gaussian")


def refuse_too_many(points: int, available: int, dataset: str) -> None:
    """A median over points needs so many unseen images."""
    if points > available:
        raise UsageError(
            f"parameter points is {points}; {dataset} has {available} test images without class 9."
        )


def points_to_measure(sample: Sample, points: int, seed: int) -> tuple[dict[str, Tensor], Tensor]:
    """Unseen images and Gaussian points [points, pixels] for one seed; the images' labels.

    Gaussian points have independent entries of mean 0 and variance 1, in float32 as the images.
    """
    X, Y = unseen_images(sample)
    refuse_too_many(points, len(X), sample.dataset)
    chosen = torch.randperm(len(X), generator=stream(seed, "points"))[:points]
    noise = torch.randn(points, X.shape[1], generator=stream(seed, "gaussian"))
    return {"images": X[chosen].float(), "gaussian": noise}, Y[chosen].argmax(-1)


def invariance_errors(values: Tensor, points: str, name: str = "") -> dict[str, float]:
    """ε_inv in every reading, from f(g x) [n, outputs, order]; the plain name is our first one."""
    values = values.double()
    found = {}
    for reading in READINGS:
        ending = "" if reading == "each_output" else f"_{reading}"
        found[f"{name}eps_{points}{ending}"] = median_error(relative_errors(values, reading))
    return found


def accuracy_on_orbits(values: Tensor, labels: Tensor) -> float:
    """The share of images in all poses that f classifies rightly: f(g x) [n, outputs, order]."""
    return float((values.argmax(1) == labels.unsqueeze(-1)).double().mean())


def orbit_means(X: Tensor, group: Group) -> Tensor:
    """What the hard-wired network sees of images X [..., pixels]: the mean of each pixel orbit."""
    way = Constrained()
    pooling = way.in_pixels(torch.eye(way.inputs(group), dtype=X.dtype), group)
    return X @ pooling.mT


def summary_over(names: Sequence[str], metrics: dict[str, float]) -> dict[str, float]:
    """The geometric mean over networks of each of their errors: a plain name for many."""
    endings = [key.removeprefix(names[0]) for key in metrics if key.startswith(f"{names[0]}_")]
    return {
        ending.removeprefix("_"): math.prod(metrics[n + ending] for n in names) ** (1 / len(names))
        for ending in endings
    }
