"""Where the poses of an image lie in a network's hidden layers, in numbers (Fig. 2)."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from invlib.experiment import Experiment, Outcome, Report
from invlib.metrics.orbit_geometry import class_means, distances, neighbours, orbits_inside
from invlib.metrics.probes import probe_accuracy
from invlib.models.hidden import hidden_layers
from invlib.studies.genuine.kinds import Trained
from invlib.studies.genuine.looked_at import LookedAt
from invlib.studies.genuine.networks import networks
from invlib.studies.genuine.sample import Part

DISTANCE_IMAGES = 300  # test images under distances and neighbours, at most
MEAN_IMAGES = 2000  # training images under the mean of each class


def measure(config: LookedAt, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """Distances, neighbours and probes in the layers of the network of each seed."""
    return [_outcome(one, config.images) for one in networks(config.network, seeds, report)]


def layers_of(one: Trained, part: Part, first: int, last: int) -> tuple[list[Tensor], Tensor]:
    """The orbits of some images at every depth, [n, order, d] each, and their classes.

    Depth 0 is the normalized image itself; the last is the penultimate layer.
    """
    orbits = one.group.orbit(one.parts.normalize(part.pixels[first:last]))
    shape = orbits.shape[:2]
    with torch.no_grad():
        encoded = one.network.encode(orbits.flatten(0, 1)[None])
        hidden = [h[0].unflatten(0, shape) for h in hidden_layers(one.network, encoded)]
    return [orbits, *hidden], part.labels[first:last]


def _outcome(one: Trained, images: int) -> Outcome:
    test = one.parts.test
    half = images // 2
    fitted, fitted_labels = layers_of(one, test, 0, half)
    judged, judged_labels = layers_of(one, test, half, images)
    few = slice(0, DISTANCE_IMAGES)
    names = ("pose_probe", "class_probe", "orbit_over_class", "class_over_others")
    curves: dict[str, list[float]] = {name: [] for name in names}
    for known, new in zip(fitted, judged, strict=True):
        curves["pose_probe"].append(probe_accuracy(*_poses(known), *_poses(new)))
        curves["class_probe"].append(
            probe_accuracy(*_classes(known, fitted_labels), *_classes(new, judged_labels))
        )
        apart = distances(new[few], judged_labels[few])
        curves["orbit_over_class"].append(apart.within_orbit / apart.within_class)
        curves["class_over_others"].append(apart.within_class / apart.between_classes)
    last, labels = judged[-1], judged_labels
    training, training_labels = layers_of(one, one.parts.train, 0, MEAN_IMAGES)
    means = class_means(training[-1], training_labels)
    apart = distances(last[few], labels[few])
    near = neighbours(last[few], labels[few])
    metrics = {name: values[-1] for name, values in curves.items()} | {
        "within_orbit": apart.within_orbit,
        "within_class": apart.within_class,
        "between_classes": apart.between_classes,
        "orbit_over_others": apart.within_orbit / apart.between_classes,
        "neighbours_own_orbit": near.own_orbit,
        "neighbours_own_class": near.own_class,
        "neighbours_own_pose": near.own_pose,
        "orbits_inside": orbits_inside(last, labels, means),
        "pose_probe_pixels": curves["pose_probe"][0],
        "class_probe_pixels": curves["class_probe"][0],
    }
    along = {name: np.array(values) for name, values in curves.items()}
    return Outcome(metrics, curves=along | {"layer": np.arange(len(fitted))})


def _poses(features: Tensor) -> tuple[Tensor, Tensor]:
    """Each pose of each image as a row, and which pose it is."""
    n, order = features.shape[:2]
    return features.flatten(0, 1), torch.arange(order).repeat(n)


def _classes(features: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    return features.flatten(0, 1), labels.repeat_interleave(features.shape[1])


EXPERIMENT = Experiment(
    name="genuine/orbit_layers",
    module=__name__,
    attribute="EXPERIMENT",
    config=LookedAt,
    data=lambda config: config.dataset,
    run=measure,
    label=lambda config: f"{config.place}-{config.method}-layers",
)
