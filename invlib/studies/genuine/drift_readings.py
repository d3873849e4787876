"""Other readings of DI: what else "the average change of the output distribution" might be.

Paper genuine gives DI of DA without drift twice: .3 and .1 (Table 1), about .01 and .003 (Fig. 4).
Each reading here takes the logits of all poses, identity first [order, n, classes], and the labels.
"""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from invlib.studies.genuine.posed import divergences

Reading = Callable[[Tensor, Tensor], float]


def others(logits: Tensor, labels: Tensor) -> float:
    """The mean over x and g ≠ e: this book's reading."""
    return float(divergences(logits).mean())


def identity_too(logits: Tensor, labels: Tensor) -> float:
    """The mean over x and all g, the identity's zero included."""
    return others(logits, labels) * (len(logits) - 1) / len(logits)


def per_class(logits: Tensor, labels: Tensor) -> float:
    """The mean over x, all g and classes: what a library's mean over all elements gives."""
    return identity_too(logits, labels) / logits.shape[-1]


def typical(logits: Tensor, labels: Tensor) -> float:
    """The mean over g ≠ e, the median over x."""
    return float(divergences(logits).mean(0).median())


def right_ones(logits: Tensor, labels: Tensor) -> float:
    """The mean over g ≠ e and those x that are classified rightly; 0 if none is."""
    right = logits[0].argmax(-1) == labels
    return float(divergences(logits)[:, right].mean()) if right.any() else 0.0


def of_averages(logits: Tensor, labels: Tensor) -> float:
    """KL between output distributions that were averaged over x first; the mean over g ≠ e."""
    log_means = logits.log_softmax(-1).logsumexp(1, keepdim=True)  # up to a constant
    return float(divergences(log_means).mean())


READINGS: Mapping[str, Reading] = {
    "others": others,
    "identity": identity_too,
    "classes": per_class,
    "median": typical,
    "right": right_ones,
    "averages": of_averages,
}
WORDS = {
    "others": "mean over x and g ≠ e (ours)",
    "identity": "mean over x and all g",
    "classes": "mean over x, all g and classes",
    "median": "median over x",
    "right": "x classified rightly",
    "averages": "outputs averaged over x first",
    "training": "ours, on training images",
}


def all_readings(logits: Tensor, labels: Tensor) -> dict[str, float]:
    with torch.no_grad():
        return {name: reading(logits, labels) for name, reading in READINGS.items()}
