"""Functions of an image that are built to tell the measures of invariance apart.

f is a trained network, h its mean over the orbit, which is exactly invariant.
"""

from collections.abc import Mapping

import torch
from torch import Tensor

from invlib.groups import Group, rotations
from invlib.metrics import (
    logit_invariance_error,
    predictive_invariance_error,
    saliency_similarity,
)
from invlib.models.orbit_average import orbit_average
from invlib.saliency import Model
from invlib.studies.genuine.primer_network import Drawn
from invlib.studies.genuine.sample import CLASSES

TENTH = 0.1


def functions(f: Model, group: Group) -> dict[str, Model]:
    """What the measures are tried on, by name."""
    h = orbit_average(f, group)
    return {
        "learned": f,
        "scaled": lambda x: TENTH * f(x),
        "averaged": h,
        "shifted": lambda x: h(x) + corner(x, group.side),
        "signed": lambda x: torch.where(left_is_brighter(x, group.side), h(x), -h(x)),
        "constant": lambda x: 0 * x.sum(1, keepdim=True) + torch.ones(CLASSES).to(x),
    }


def corner(x: Tensor, side: int) -> Tensor:
    """The brightness of the upper left quarter [n, 1]: a turn of the image changes it."""
    half = side // 2
    return x.unflatten(1, (side, side))[:, :half, :half].sum((1, 2))[:, None]


def left_is_brighter(x: Tensor, side: int) -> Tensor:
    """Whether the left half outshines the right one [n, 1]: a half turn reverses it."""
    halves = x.unflatten(1, (side, side))[:, :, : 2 * (side // 2)].unflatten(2, (2, side // 2))
    left, right = halves.sum((1, 3)).unbind(1)
    return (left >= right)[:, None]


def agreement(model: Model, x: Tensor, group: Group) -> float:
    """How often the predicted class of g x is that of x, over images and g ≠ e."""
    predicted = model(group.orbit(x).flatten(0, 1)).argmax(-1).view(len(x), group.order)
    return float((predicted[:, 1:] == predicted[:, :1]).double().mean())


def measure_all(f: Model, drawn: Drawn, explained: int, steps: int) -> Mapping[str, float]:
    """Every measure of every function under quarter turns: learned_LI, averaged_SI, ..."""
    group = rotations(drawn.side)
    few, labels = drawn.test[:explained], drawn.test_labels[:explained]
    found = {}
    for name, model in functions(f, group).items():
        found |= {
            f"{name}_agreement": agreement(model, drawn.test, group),
            f"{name}_LI": logit_invariance_error(model, drawn.test, group),
            f"{name}_DI": predictive_invariance_error(model, drawn.test, group),
            f"{name}_SI": saliency_similarity(model, few, labels, group, steps=steps),
        }
    return found


def over_orbit(f: Model, image: Tensor, side: int) -> dict[str, Tensor]:
    """The logits of h and of the shifted function over the orbit of one image: [order, classes]."""
    group = rotations(side)
    known = functions(f, group)
    return {name: known[name](group.orbit(image)) for name in ("averaged", "shifted")}
