"""Where the members of an orbit lie among all others in a space of features (genuine, Fig. 2).

Features are [n, order, d]: of n images, each with its whole orbit. All numbers are measured in
this space itself; a picture of it in two dimensions keeps neighbours, not distances.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from invlib.errors import InvlibError, UsageError


@dataclass(frozen=True)
class Distances:
    """Mean distances between two features."""

    within_orbit: float  # of one image in two poses
    within_class: float  # of two images of one class, in any poses
    between_classes: float  # of two images of two classes, in any poses


def check_features(features: Tensor, labels: Tensor) -> None:
    """Refuse what is not the orbits of labelled images."""
    if features.ndim != 3 or len(features) < 2 or features.shape[1] < 2:
        raise UsageError(
            f"features have shape {list(features.shape)}; they must be [n, order, d] with at least "
            "two images and two poses."
        )
    if labels.shape != features.shape[:1]:
        raise UsageError(
            f"labels have shape {list(labels.shape)}; {len(features)} images need "
            f"[{len(features)}]."
        )


def distances(features: Tensor, labels: Tensor) -> Distances:
    """The mean distances within orbits, within classes and between them."""
    check_features(features, labels)
    n, order = features.shape[:2]
    apart = _all_distances(features).view(n, order, n, order)
    same = labels[:, None] == labels
    other = ~torch.eye(n, dtype=torch.bool)
    pairs = {"one class": same & other, "two classes": ~same}
    for words, chosen in pairs.items():
        if not chosen.any():
            raise InvlibError(f"no two images are of {words}; their distance is undefined.")
    own = apart.diagonal(dim1=0, dim2=2)  # [order, order, n]; the diagonal of poses is zero
    between_images = apart.mean((1, 3))
    return Distances(
        within_orbit=float(own.sum() / (n * order * (order - 1))),
        within_class=float(between_images[pairs["one class"]].mean()),
        between_classes=float(between_images[pairs["two classes"]].mean()),
    )


@dataclass(frozen=True)
class Neighbours:
    """What stands next to a feature."""

    own_orbit: float  # share of the order − 1 nearest others that are the same image in other poses
    own_class: float  # share of the nearest features of other images that are of the same class
    own_pose: float  # and share of them that are in the same pose


def neighbours(features: Tensor, labels: Tensor, count: int = 10) -> Neighbours:
    """Purity of nearest neighbours; ties, as of an orbit that is one point, break by order."""
    check_features(features, labels)
    n, order = features.shape[:2]
    if not 1 <= count <= (n - 1) * order:
        raise UsageError(f"count is {count}; it must be from 1 to {(n - 1) * order}.")
    apart = _all_distances(features)
    image = torch.arange(n).repeat_interleave(order)
    pose = torch.arange(order).repeat(n)
    apart.fill_diagonal_(torch.inf)
    closest = apart.topk(order - 1, largest=False).indices
    own_orbit = (image[closest] == image[:, None]).double().mean()
    apart[image[:, None] == image] = torch.inf
    closest = apart.topk(count, largest=False).indices
    classes = labels[image]
    return Neighbours(
        own_orbit=float(own_orbit),
        own_class=float((classes[closest] == classes[:, None]).double().mean()),
        own_pose=float((pose[closest] == pose[:, None]).double().mean()),
    )


def orbits_inside(features: Tensor, labels: Tensor, means: Tensor) -> float:
    """The share of orbits all of whose members are nearest to the mean of their own class.

    `means` [classes, d] come from other images.
    """
    check_features(features, labels)
    nearest = torch.cdist(features.double(), means.double()).argmin(-1)
    return float((nearest == labels[:, None]).all(1).double().mean())


def class_means(features: Tensor, labels: Tensor) -> Tensor:
    """The mean feature of each class over images and poses [classes, d]."""
    check_features(features, labels)
    classes = labels.unique().tolist()
    if classes != list(range(len(classes))):
        raise InvlibError(f"classes {classes} are not 0 to {len(classes) - 1}: one has no image.")
    return torch.stack([features[labels == c].double().mean((0, 1)) for c in classes])


def _all_distances(features: Tensor) -> Tensor:
    """[n · order, n · order], exactly zero on the diagonal; float64, or near zeros are noise."""
    flat = features.double().flatten(0, 1)
    return torch.cdist(flat, flat, compute_mode="donot_use_mm_for_euclid_dist")
