"""The checks behind the exercises of genuine/drift."""

from collections.abc import Callable

import torch
from torch import Tensor

from invlib.exercises.verdict import Answer, attempted
from invlib.saliency.adversarial import fgsm

WORDS = (("zero", "small", "large"), ("stays", "falls"))


def check_prediction(attempt: Callable[[], tuple[str, str]]) -> Answer:
    """What becomes of DI and of the accuracy of a network that is invariant by construction."""
    found, wrong = attempted(attempt)
    if wrong is not None:
        return wrong
    if not isinstance(found, tuple) or len(found) != 2 or Ellipsis in found:
        return Answer("replace the dots by two words.")
    for word, allowed in zip(found, WORDS, strict=True):
        if word not in allowed:
            return Answer(f"{word!r} is none of: {', '.join(allowed)}.")
    if found[0] != "zero":
        return Answer("f(gx) = f(x) holds by construction. For which images x does it hold?")
    if found[1] != "falls":
        return Answer("all poses of an image get the same answer. Does that make it the right one?")
    return Answer()


def check_accuracy_ratio(attempt: Callable[[Tensor, Tensor, Tensor], Tensor]) -> Answer:
    """Whether `attempt(clean, drifted, labels)` is accuracy under drift over accuracy without."""
    labels = torch.tensor([0, 1, 2, 0, 1, 2, 0, 1, 2])
    clean = _logits([0, 1, 2, 0, 1, 2, 2, 2, 0])  # six of nine are right
    drifted = _logits([0, 1, 2, 1, 0, 1, 0, 2, 0])  # four, one of them wrong before
    found, wrong = attempted(attempt, clean, drifted, labels)
    if wrong is not None:
        return wrong
    if found is Ellipsis:
        return Answer("replace the dots.")
    try:
        value = float(found)
    except (TypeError, ValueError, RuntimeError):
        return Answer(f"the result should be one number, not {type(found).__name__}.")
    wanted = 4 / 6
    if abs(value - wanted) < 1e-6:
        return Answer()
    if abs(value - 3 / 6) < 1e-6:
        return Answer("an image that is right only under drift counts too: 4 of them, not 3.")
    return Answer(f"for 4 right under drift and 6 without the ratio is 0.667, yours {value:.3f}.")


def check_fgsm_step(attempt: Callable[[Tensor, Tensor, float], Tensor]) -> Answer:
    """Whether `attempt(pixels, gradient, radius)` is the step of the fast gradient sign method."""
    generator = torch.Generator().manual_seed(0)
    pixels = torch.rand(5, 16, generator=generator)
    W = torch.randn(3, 16, generator=generator)
    y, radius = torch.arange(5) % 3, 0.1
    found, wrong = attempted(attempt, pixels, _loss_gradient(pixels, W, y), radius)
    if wrong is not None:
        return wrong
    if not isinstance(found, Tensor) or found.shape != pixels.shape:
        given = list(found.shape) if isinstance(found, Tensor) else type(found).__name__
        return Answer(f"replace the dots by images [5, 16]; the result is {given}.")
    if float((found - pixels).abs().max()) > radius + 1e-6:
        return Answer("a pixel moves by more than the radius.")
    if float(found.min()) < 0 or float(found.max()) > 1:
        return Answer("a pixel leaves [0, 1].")
    worst = fgsm(lambda images: images @ W.mT, pixels, y, radius)
    if torch.allclose(found, worst, atol=1e-6):
        return Answer()
    before, after = (_loss(images, W, y) for images in (pixels, found))
    if float(after) < float(before):
        return Answer("the loss falls; the step should make it grow.")
    return Answer(f"the loss grows to {after:.3f}; steps of the radius for every pixel give more.")


def _logits(classes: list[int]) -> Tensor:
    return torch.nn.functional.one_hot(torch.tensor(classes), 3).float()


def _loss(pixels: Tensor, W: Tensor, y: Tensor) -> Tensor:
    return torch.nn.functional.cross_entropy(pixels @ W.mT, y)


def _loss_gradient(pixels: Tensor, W: Tensor, y: Tensor) -> Tensor:
    """The gradient of the loss of a linear model with respect to the images."""
    with torch.enable_grad():
        pixels = pixels.clone().requires_grad_()
        return torch.autograd.grad(_loss(pixels, W, y), pixels)[0]
