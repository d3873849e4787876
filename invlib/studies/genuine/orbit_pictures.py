"""Saliency maps over the orbits of a few test images, kept to be looked at (Figs. 1 and 3).

The images are the first test image of each class. Nobody has chosen them by how their maps look.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from invlib.experiment import Experiment, Outcome, Report
from invlib.metrics.aligned import orbit_maps
from invlib.saliency.integrated import integrated_gradients
from invlib.saliency.maps import keep_strongest, smooth
from invlib.studies.genuine.kinds import Trained
from invlib.studies.genuine.networks import Network, networks


def draw(config: Network, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """The maps of the network of each seed, as bytes."""
    return [_outcome(one) for one in networks(config, seeds, report)]


def first_of_each_class(labels: Tensor) -> Tensor:
    """Where each class stands for the first time, in the order of the classes."""
    return torch.stack([(labels == c).nonzero()[0, 0] for c in labels.unique()])


def _outcome(one: Trained) -> Outcome:
    chosen = first_of_each_class(one.parts.test.labels)
    x, y = one.parts.test.pixels[chosen], one.parts.test.labels[chosen]
    group = one.group

    def both(z: Tensor, rows: slice) -> Tensor:
        weights = integrated_gradients(one.on_pixels, z, y[rows]).abs()
        return torch.stack([smooth(keep_strongest(weights)), smooth(weights)], 1)

    maps = orbit_maps(both, x, group)  # [classes, order, 2, pixels]
    with torch.no_grad():
        probabilities = one.on_pixels(group.orbit(x).flatten(0, 1)).softmax(-1)
    arrays = {
        "images": as_bytes(x, x.new_ones(())),
        "labels": y.numpy().astype(np.uint8),
        "maps": as_bytes(maps[:, :, 0]),
        "maps_no_threshold": as_bytes(maps[:, :, 1]),
        "probabilities": probabilities.unflatten(0, (len(x), -1)).numpy().astype(np.float16),
    }
    return Outcome({"images": float(len(x))}, arrays=arrays)


def as_bytes(values: Tensor, largest: Tensor | None = None) -> np.ndarray:
    """Non-negative values in 256 steps up to the largest, by default that of each map."""
    top = values.amax(-1, keepdim=True) if largest is None else largest
    scaled = values / torch.where(top > 0, top, 1.0)
    return (scaled * 255).round().clamp(0, 255).numpy().astype(np.uint8)


EXPERIMENT = Experiment(
    name="genuine/orbit_pictures",
    module=__name__,
    attribute="EXPERIMENT",
    config=Network,
    data=lambda config: config.dataset,
    run=draw,
    label=lambda config: f"{config.place}-{config.method}-pictures",
)
