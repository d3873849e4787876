"""Mini-batch training of classifiers with random views, several networks side by side.

The loss of each network is its cross-entropy on one random view of every image, plus a strength
times a penalty on that view and another one. Gradients of networks trained together do not mix,
and each network draws its batches from its own generator: together or alone they take the same
path, up to rounding. What is kept are the weights with the best validation accuracy.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from invlib.errors import InvlibError, UsageError
from invlib.methods.invariance_penalties import Penalty
from invlib.training.course import Course, resume, save
from invlib.training.views import Views

OPTIMIZERS: Mapping[str, Callable[..., torch.optim.Optimizer]] = {
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
    "sgd": lambda parameters, **options: torch.optim.SGD(parameters, momentum=0.9, **options),
}
EVERY = 20.0  # seconds between checkpoints

Observe = Callable[[int, nn.Module], Mapping[str, Tensor]]  # epoch, network -> [networks] each


@dataclass(frozen=True)
class Recipe:
    """How long and by which rule."""

    epochs: int
    batch: int
    learning_rate: float
    optimizer: str = "adam"
    penalty: Penalty | None = None
    strength: float = 0.0
    keep: str = "best"  # the weights with the best validation accuracy, or the "last"
    observe_every: int = 10


def train_classifiers(
    network: nn.Module,
    training: Views,
    validation: Views,
    recipe: Recipe,
    generators: Sequence[torch.Generator],
    *,
    checkpoint: Path | None = None,
    observe: Observe | None = None,
    report: Callable[[float], None] = lambda fraction: None,
) -> Course:
    """Train in place; the network ends with the kept weights. A checkpoint is resumed if there.

    The first dimension of every parameter counts networks. `validation` holds one view of each
    image. A killed training that is started again ends with the very numbers of an undisturbed
    one on the same device. The caller removes the checkpoint when the result is safe.
    """
    if recipe.batch > training.images:
        raise UsageError(
            f"parameter batch is {recipe.batch}; there are only {training.images} training images."
        )
    parameters = list(network.parameters())
    optimizer = OPTIMIZERS[recipe.optimizer](parameters, lr=recipe.learning_rate, fused=True)
    kept = [parameter.detach().clone() for parameter in parameters]
    course = Course(best=[-1.0] * training.networks, best_epoch=[0] * training.networks)
    if checkpoint is not None:
        course = resume(checkpoint, parameters, kept, optimizer, generators) or course
    saved = time.monotonic()
    while course.epoch < recipe.epochs:
        losses = _epoch(network, training, recipe, optimizer, generators)
        course.epoch += 1
        if not all(torch.isfinite(loss).all() for loss in losses.values()):
            raise InvlibError(
                f"the loss is not finite in epoch {course.epoch}: training diverged. Try a "
                f"learning_rate below {recipe.learning_rate} or a strength below {recipe.strength}."
            )
        accuracy = _accuracy(network, validation)
        _append(course.curves, {**losses, "validation_accuracy": accuracy})
        if observe is not None and _observed(course.epoch, recipe):
            epoch = torch.full_like(accuracy, course.epoch)
            _append(course.observed, {"epoch": epoch, **observe(course.epoch, network)})
        _keep_better(course, accuracy, parameters, kept, recipe)
        if checkpoint is not None and time.monotonic() - saved > EVERY:
            save(checkpoint, course, parameters, kept, optimizer, generators)
            saved = time.monotonic()
        report(course.epoch / recipe.epochs)
    with torch.no_grad():
        for parameter, own in zip(parameters, kept, strict=True):
            parameter.copy_(own)
    return course


def _epoch(
    network: nn.Module,
    data: Views,
    recipe: Recipe,
    optimizer: torch.optim.Optimizer,
    generators: Sequence[torch.Generator],
) -> dict[str, Tensor]:
    """One pass over the images in random order; the mean loss and penalty of each network."""
    device = data.rows.device
    order = torch.stack([torch.randperm(data.images, generator=g) for g in generators]).to(device)
    view = _draw(data.views, data.images, generators).to(device)
    first, labels = data.places(order, view), data.labels.gather(1, order)
    pairs = recipe.penalty is not None and data.views > 1
    if pairs:  # another view of the same image, any of the others alike
        other = (view + 1 + _draw(data.views - 1, data.images, generators).to(device)) % data.views
        second = data.places(order, other)
    total = torch.zeros(data.networks, device=device)
    penalties = torch.zeros(data.networks, device=device)
    for start in range(0, data.images, recipe.batch):
        rows = slice(start, start + recipe.batch)
        classes = labels[:, rows]
        size = classes.shape[1]
        places = torch.cat([first[:, rows], second[:, rows]], 1) if pairs else first[:, rows]
        logits = network(data.at(places))
        each = cross_entropy(logits[:, :size].mT, classes, reduction="none").mean(1)
        loss = each.sum()
        if pairs:
            penalty = recipe.penalty(logits[:, :size], logits[:, size:]).mean(1)
            loss = loss + recipe.strength * penalty.sum()
            penalties += penalty.detach() * size
        total += each.detach() * size
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    losses = {"loss": total / data.images}
    return losses | {"penalty": penalties / data.images} if pairs else losses


def _draw(below: int, count: int, generators: Sequence[torch.Generator]) -> Tensor:
    return torch.stack([torch.randint(below, (count,), generator=g) for g in generators])


@torch.no_grad()
def _accuracy(network: nn.Module, data: Views) -> Tensor:
    """The accuracy of each network on the first view of every image."""
    hits = network(data.rows[:, :, 0]).argmax(-1) == data.labels
    return hits.double().mean(1)


def _observed(epoch: int, recipe: Recipe) -> bool:
    return epoch == 1 or epoch % recipe.observe_every == 0 or epoch == recipe.epochs


def _append(curves: dict[str, list], values: Mapping[str, Tensor]) -> None:
    for name, value in values.items():
        curves.setdefault(name, []).append(value.tolist())


@torch.no_grad()
def _keep_better(
    course: Course, accuracy: Tensor, parameters: list, kept: list[Tensor], recipe: Recipe
) -> None:
    """Copy the weights of those networks that are better than ever before, and of no others."""
    for k, found in enumerate(accuracy.tolist()):
        if found > course.best[k] or recipe.keep == "last":
            course.best[k], course.best_epoch[k] = found, course.epoch
            for own, parameter in zip(kept, parameters, strict=True):
                own[k] = parameter[k]
