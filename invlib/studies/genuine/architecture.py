"""One network of any architecture, trained as the paper trains and measured as Table 1 measures.

On one core a network of the paper's size takes about 0.2 s per epoch of 10,000 images, twice that
with a penalty; a small CNN takes twice as long.
"""

from collections.abc import Sequence

import numpy as np

from invlib.experiment import Experiment, Outcome, Report
from invlib.studies.genuine.architecture_networks import Architecture, networks, parameters
from invlib.studies.genuine.kinds import Trained
from invlib.studies.genuine.network_measures import MEASURES, measures

ERROR_IMAGES = 10_000  # test images under LI and DI, at most
SALIENCY_IMAGES = 300  # and under SI and σ_max


def measure(config: Architecture, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """Train, or recall, the networks of some seeds and measure each."""
    return [_outcome(one) for one in networks(config, seeds, report)]


def _outcome(one: Trained) -> Outcome:
    found = measures(
        one.logits,
        one.parts,
        one.parts.test,
        one.group,
        errors=ERROR_IMAGES,
        saliency=SALIENCY_IMAGES,
    )
    found |= {
        "loss": float(one.curves["loss"][-1]),
        "best_epoch": float(one.best_epoch),
        "parameters": float(parameters(one.network)),
    }
    return Outcome(found, curves=_curves(one))


def _curves(one: Trained) -> dict[str, np.ndarray]:
    """The measures on validation images during training, where they were followed."""
    if "observed/epoch" not in one.curves:
        return {}
    curves = {name: one.curves[f"observed/{name}"].astype(np.float32) for name in MEASURES}
    return {"epoch": one.curves["observed/epoch"].astype(np.int32), **curves}


EXPERIMENT = Experiment(
    name="genuine/architecture",
    module=__name__,
    attribute="EXPERIMENT",
    config=Architecture,
    data=lambda config: config.dataset,
    run=measure,
    label=lambda config: config.label,
)
