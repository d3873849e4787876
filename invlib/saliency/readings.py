"""What paper genuine leaves open about its saliency map, one choice at a time (Sec. 4).

Each reading differs in one thing from the one that this book takes. A probability in place of a
logit needs no formula of its own: it is another model.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from invlib.saliency.choices import integrated_from
from invlib.saliency.gradients import Model, image_gradient, logits_of
from invlib.saliency.maps import keep_strongest, smooth


@dataclass(frozen=True)
class Reading:
    """One way to take the paper's words: how pixels are weighed, and what is done to the map."""

    words: str
    grey_baseline: bool = False  # the mean pixel, zero to the network, in place of black
    probability: bool = False  # the target is a probability in place of a logit
    predicted: bool = False  # of the class that is predicted, in place of the true one
    steps: int = 32
    absolute_first: bool = False  # absolute values under the integral, in place of after it
    gradient_alone: bool = False  # no integral: the gradient at the image
    threshold: bool = True  # values below 0.9 of the largest are set to zero
    smoothing: bool = True

    @property
    def weighing(self) -> tuple:
        """What decides the weights of pixels; readings that share it need them only once."""
        return (
            self.grey_baseline,
            self.probability,
            self.predicted,
            self.steps,
            self.absolute_first,
            self.gradient_alone,
        )


READINGS = {
    "taken": Reading("as taken in this book"),
    "grey": Reading("baseline mean grey, not black", grey_baseline=True),
    "probability": Reading("target a probability, not a logit", probability=True),
    "predicted": Reading("predicted class, not the true one", predicted=True),
    "few_steps": Reading("8 steps, not 32", steps=8),
    "many_steps": Reading("128 steps, not 32", steps=128),
    "absolute_first": Reading("absolute values under the integral", absolute_first=True),
    "gradient": Reading("gradient, no integral", gradient_alone=True),
    "no_smoothing": Reading("no smoothing", smoothing=False),
    "no_threshold": Reading("no threshold", threshold=False),
    "bare": Reading("neither threshold nor smoothing", threshold=False, smoothing=False),
}


def maps_of_readings(
    readings: Mapping[str, Reading], model: Model, x: Tensor, y: Tensor, grey: float
) -> Tensor:
    """One saliency map for each reading: [n, readings, pixels]. `grey` is the mean pixel."""
    weighed: dict[tuple, Tensor] = {}
    maps = []
    for reading in readings.values():
        if reading.weighing not in weighed:
            weighed[reading.weighing] = weights_of_pixels(reading, model, x, y, grey)
        maps.append(finished(reading, weighed[reading.weighing]))
    return torch.stack(maps, 1)


def weights_of_pixels(reading: Reading, model: Model, x: Tensor, y: Tensor, grey: float) -> Tensor:
    """How much each pixel counts, without sign [n, pixels], before threshold and filter."""
    if reading.predicted:
        with torch.no_grad():
            y = logits_of(model, x).argmax(-1)
    baseline = torch.full_like(x[0], grey if reading.grey_baseline else 0.0)

    def outputs(z: Tensor) -> Tensor:
        logits = logits_of(model, z)
        return logits.softmax(-1) if reading.probability else logits

    if not (reading.gradient_alone or reading.absolute_first):
        return integrated_from(outputs, x, y, baseline, steps=reading.steps).abs()
    target = y.to(x.device).long()[:, None]

    def chosen(logits: Tensor) -> Tensor:
        return logits.gather(1, target).squeeze(1)

    if reading.gradient_alone:
        return image_gradient(outputs, x, chosen).abs()
    way, total = x - baseline, torch.zeros_like(x)
    for step in range(reading.steps):
        part = (step + 0.5) / reading.steps
        total += (way * image_gradient(outputs, baseline + part * way, chosen)).abs()
    return total / reading.steps


def finished(reading: Reading, weights: Tensor) -> Tensor:
    """Threshold and Gaussian filter, where the reading has them."""
    kept = keep_strongest(weights) if reading.threshold else weights
    return smooth(kept) if reading.smoothing else kept
