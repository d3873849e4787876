"""One trained network, measured on unseen images: accuracy, LI, DI, SI, σ_max (Table 1, Fig. 5)."""

from collections.abc import Sequence

import numpy as np
import torch

from invlib.experiment import Experiment, Outcome, Report
from invlib.metrics.jacobian import jacobian_norm
from invlib.metrics.orbit_accuracy import orbit_accuracy
from invlib.metrics.predictions import logit_invariance_error, predictive_invariance_error
from invlib.metrics.similarity import saliency_similarity
from invlib.studies.genuine.kinds import Trained
from invlib.studies.genuine.networks import Network, networks
from invlib.studies.genuine.sample import Part

ERROR_IMAGES = 10_000  # test images under the averages LI and DI, at most
SALIENCY_IMAGES = 1_000  # and under SI, each with its whole orbit
JACOBIAN_IMAGES = 1_000  # and under the mean of σ_max(J)
SEARCH_IMAGES = 500  # validation images under the SI that a search for ν looks at
CURVES = ("loss", "validation_accuracy")  # those over all epochs, thinned to the observed ones


def measure(config: Network, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """Train, or recall, the networks of some seeds and measure each."""
    return [_outcome(network) for network in networks(config, seeds, report)]


def _outcome(one: Trained) -> Outcome:
    test, parts = one.parts.test, one.parts
    x = parts.normalize(test.pixels)
    few = x[:ERROR_IMAGES]
    with torch.no_grad():
        logits = one.logits(few).double()
    metrics = {
        "accuracy": orbit_accuracy(one.logits, x, test.labels, one.group),
        "LI": logit_invariance_error(one.logits, few, one.group),
        "DI": predictive_invariance_error(one.logits, few, one.group),
        "SI": _similarity(one, test, SALIENCY_IMAGES),
        "sigma_max": float(jacobian_norm(one.logits, x[:JACOBIAN_IMAGES]).double().mean()),
        "logit_variance": float(logits.var(0).sum()),
        "validation_accuracy": float(max(one.curves["validation_accuracy"])),
        "validation_SI": _similarity(one, parts.validation, SEARCH_IMAGES),
        "best_epoch": float(one.best_epoch),
    }
    return Outcome(metrics, curves=_curves(one))


def _similarity(one: Trained, part: Part, images: int) -> float:
    """SI on pixels, so that the baseline of the integrated gradients is a black image."""
    pixels, labels = part.pixels[:images], part.labels[:images]
    return saliency_similarity(one.on_pixels, pixels, labels, one.group)


def _curves(one: Trained) -> dict[str, np.ndarray]:
    """What was observed during training, and the loss and accuracy at the same epochs."""
    seen = {
        name.removeprefix("observed/"): values
        for name, values in one.curves.items()
        if name.startswith("observed/")
    }
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
