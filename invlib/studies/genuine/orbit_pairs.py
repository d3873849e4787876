"""Two poses of one image: do predictions agree, and do the same pixels matter (Fig. 1)?"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from invlib.experiment import Experiment, Outcome, Report
from invlib.metrics.aligned import orbit_maps, turned_back
from invlib.metrics.similarity import cosine
from invlib.saliency.maps import saliency_map
from invlib.studies.genuine.kinds import Trained
from invlib.studies.genuine.looked_at import LookedAt
from invlib.studies.genuine.networks import networks

ALIGNED = 0.9  # cosine from which on we call two maps aligned
COSINES = np.linspace(0, 1, 41)
ROUNDING = 1e-6  # in single precision, maps that are equal have a cosine of not quite 1


def measure(config: LookedAt, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """Compare the poses of test images, for the network of each seed."""
    return [_outcome(one, config.images) for one in networks(config.network, seeds, report)]


def _outcome(one: Trained, images: int) -> Outcome:
    x, y = one.parts.test.pixels[:images], one.parts.test.labels[:images]
    group = one.group
    maps = orbit_maps(lambda z, rows: saliency_map(one.on_pixels, z, y[rows]), x, group, batch=250)
    aligned = turned_back(maps, group)
    still, moved = aligned[:, :1], aligned[:, 1:]
    cosines = cosine(still.expand_as(moved), moved)  # [n, order − 1]
    with torch.no_grad():
        said = torch.stack([one.on_pixels(group.act(x, k)).argmax(-1) for k in range(group.order)])
    agree = (said[1:] == said[0]).mT
    right = agree & (said[0] == y)[:, None]
    metrics = {
        "agreement": float(agree.double().mean()),
        "SI": float(cosines.mean()),
        "SI_agreeing": float(cosines[agree].mean()),
        "SI_right": float(cosines[right].mean()),
        "aligned_share": float((cosines[agree] >= ALIGNED - ROUNDING).double().mean()),
        "SI_not_turned_back": float(cosine(maps[:, :1].expand_as(moved), maps[:, 1:]).mean()),
        "SI_other_image": _same_class(maps[:, 0], y),
    }
    at_least = torch.as_tensor(COSINES)
    share = (cosines[agree][:, None] >= at_least - ROUNDING).double().mean(0)
    return Outcome(metrics, curves={"cosine": COSINES, "share": share.numpy()})


def _same_class(maps: Tensor, y: Tensor) -> float:
    """The mean cosine of the maps of two images of one class, each in its first pose.

    What maps have in common merely because strokes of one class lie in the same places.
    """
    found = []
    for label in y.unique():
        own = maps[y == label]
        found.append(cosine(own, own.roll(1, 0)) if len(own) > 1 else own.new_ones(0).double())
    return float(torch.cat(found).mean())


EXPERIMENT = Experiment(
    name="genuine/orbit_pairs",
    module=__name__,
    attribute="EXPERIMENT",
    config=LookedAt,
    data=lambda config: config.dataset,
    run=measure,
    label=lambda config: f"{config.place}-{config.method}-pairs",
)
