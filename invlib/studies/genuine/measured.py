"""One trained network, measured on unseen images: accuracy, LI, DI, SI, σ_max (Table 1, Fig. 5)."""

from collections.abc import Sequence

import numpy as np
import torch

from invlib.experiment import Experiment, Outcome, Report
from invlib.studies.genuine.kinds import Trained
from invlib.studies.genuine.network_measures import measures, similarity
from invlib.studies.genuine.networks import Network, networks

ERROR_IMAGES = 10_000  # test images under the averages LI and DI, at most
SALIENCY_IMAGES = 1_000  # and under SI, each with its whole orbit, and the mean of σ_max(J)
SEARCH_IMAGES = 500  # validation images under the SI that a search for ν looks at
CURVES = ("loss", "validation_accuracy")  # those over all epochs, thinned to the observed ones


def measure(config: Network, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """Train, or recall, the networks of some seeds and measure each."""
    return [outcome(one) for one in networks(config, seeds, report)]


def outcome(one: Trained, *, saliency: int = SALIENCY_IMAGES) -> Outcome:
    """The five measures on test images, those that a search looks at, and the curves if any."""
    parts, test = one.parts, one.parts.test
    with torch.no_grad():
        logits = one.logits(parts.normalize(test.pixels[:ERROR_IMAGES])).double()
    found = measures(one.logits, parts, test, one.group, errors=ERROR_IMAGES, saliency=saliency)
    found |= {
        "logit_variance": float(logits.var(0).sum()),
        "validation_accuracy": float(max(one.curves["validation_accuracy"])),
        "validation_SI": similarity(
            one.logits, parts, parts.validation, one.group, images=SEARCH_IMAGES
        ),
        "best_epoch": float(one.best_epoch),
    }
    return Outcome(found, curves=_curves(one))


def _curves(one: Trained) -> dict[str, np.ndarray]:
    """What was observed during training, and the loss and accuracy at the same epochs."""
    seen = {
        name.removeprefix("observed/"): values
        for name, values in one.curves.items()
        if name.startswith("observed/")
    }
    if not seen:
        return {}
    epochs = seen["epoch"].astype(int)
    return seen | {"epoch": epochs} | {name: one.curves[name][epochs - 1] for name in CURVES}


EXPERIMENT = Experiment(
    name="genuine/network",
    module=__name__,
    attribute="EXPERIMENT",
    config=Network,
    data=lambda config: config.dataset,
    run=measure,
    label=lambda config: config.label,
)

# The same for the strength that a search has chosen: labelled by its method alone, so that a
# claim can name it before anybody knows the strength.
CHOSEN = Experiment(
    name="genuine/chosen_network",
    module=__name__,
    attribute="CHOSEN",
    config=Network,
    data=lambda config: config.dataset,
    run=measure,
    label=lambda config: f"{config.place}-{config.method}",
)
