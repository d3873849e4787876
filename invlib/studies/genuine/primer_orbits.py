"""Orbits, and maps that commute with a group or do not."""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from invlib.groups import Group, rotations
from invlib.metrics import (
    logit_invariance_error,
    predictive_invariance_error,
    saliency_similarity,
)
from invlib.metrics.similarity import cosine
from invlib.models.orbit_average import orbit_average
from invlib.saliency import Model, image_gradient, keep_strongest, smooth
from invlib.studies.genuine.primer_network import Drawn
from invlib.studies.genuine.sample import GROUPS
from invlib.training.seeds import stream

Maps = Mapping[str, Callable[[Tensor], Tensor]]


def groups_of(side: int) -> dict[str, Group]:
    """The paper's two groups, R²₄ and T²₃."""
    return {name: make(side) for name, make in GROUPS.items()}


def orbit_size(x: Tensor, group: Group) -> int:
    """How many different images the group makes of x [pixels]."""
    return len(group.orbit(x).unique(dim=0))


def half_turn_mean(x: Tensor, side: int) -> Tensor:
    """The mean of x [pixels] and its half turn, an image that a half turn leaves as it is."""
    return rotations(side, 2).orbit(x).mean(0)


def least_symmetric(x: Tensor, side: int) -> int:
    """Which of the images x [n, pixels] a half turn changes most."""
    return int(cosine(x, rotations(side, 2).act(x, 1)).argmin())


def orbits(drawn: Drawn) -> Mapping[str, float]:
    """How large orbits are, whether they hang together, and what symmetry does to their size."""
    found = {}
    for name, group in groups_of(drawn.side).items():
        sizes = [orbit_size(x, group) for x in drawn.test]
        found[f"orbit_size_{name}"] = sum(sizes) / len(sizes)
        found[f"orbit_apart_{name}"] = max(_apart(x, group) for x in drawn.test[:10])
    image = drawn.test[0]
    images = [image, half_turn_mean(image, drawn.side), torch.zeros_like(image)]
    found["orbit_size_half_turn"] = float(orbit_size(images[1], rotations(drawn.side)))
    found["orbit_stabilizer_gap"] = max(
        abs(orbit_size(x, group) * _stabilizer(x, group) - group.order)
        for group in groups_of(drawn.side).values()
        for x in images
    )
    return found


def _stabilizer(x: Tensor, group: Group) -> int:
    """How many elements of the group leave x as it is."""
    return int((group.orbit(x) == x).all(-1).sum())


def _apart(x: Tensor, group: Group) -> float:
    """How far the orbits of x and of g x are from being the same set of images."""
    here = group.orbit(x)
    return max(float(torch.cdist(group.orbit(moved), here).amin(1).max()) for moved in here)


def example_maps(side: int, seed: int) -> Maps:
    """Maps from images to images; each commutes with the group that fits its structure."""
    row = torch.arange(side) - (side - 1) / 2
    disc = ((row[:, None] ** 2 + row**2) < (side / 3) ** 2).double().flatten()
    weights = torch.randn(side**2, side**2, generator=stream(seed, "map"), dtype=torch.float64)
    return {
        "outline": lambda x: outline(x, side),
        "slope": lambda x: x - _rolled(x, side, 1, -1),
        "disc": lambda x: x * disc,
        "matrix": lambda x: x @ weights.mT,
    }


def outline(x: Tensor, side: int) -> Tensor:
    """How steep the brightness is at each pixel, whichever way: √(∂ₓ² + ∂ᵧ²)."""
    slopes = [(_rolled(x, side, -1, axis) - _rolled(x, side, 1, axis)) / 2 for axis in (-1, -2)]
    return (slopes[0] ** 2 + slopes[1] ** 2).sqrt()


def _rolled(x: Tensor, side: int, shift: int, axis: int) -> Tensor:
    return x.unflatten(-1, (side, side)).roll(shift, axis).flatten(-2)


def commuting(drawn: Drawn, seed: int) -> Mapping[str, float]:
    """By how much ψ(g x) misses g ψ(x), over the size of ψ(x): mean over images and g ≠ e."""
    x = drawn.test
    maps = {
        **example_maps(drawn.side, seed),
        "steps": lambda x: smooth(keep_strongest(x)),  # of the paper's saliency map
    }
    found = {}
    for name, psi in maps.items():
        size = psi(x).norm(dim=-1).mean()
        for group_name, group in groups_of(drawn.side).items():
            gaps = [
                (psi(group.act(x, k)) - group.act(psi(x), k)).norm(dim=-1).mean()
                for k in range(1, group.order)
            ]
            found[f"{name}_gap_{group_name}"] = float(sum(gaps) / len(gaps) / size)
    return found


def averaged(f: Model, drawn: Drawn, explained: int, steps: int) -> Mapping[str, float]:
    """The paper's measures on a function that is exactly invariant, for both groups."""
    x, y = drawn.test[:explained], drawn.test_labels[:explained]
    found = {}
    for name, group in groups_of(drawn.side).items():
        h = orbit_average(f, group)
        still = _gradient(h, x, y)
        gaps = [
            (_gradient(h, group.act(x, k), y) - group.act(still, k)).norm()
            for k in range(1, group.order)
        ]
        found |= {
            f"averaged_LI_{name}": logit_invariance_error(h, x, group),
            f"averaged_DI_{name}": predictive_invariance_error(h, x, group),
            f"averaged_SI_{name}": saliency_similarity(h, x, y, group, steps=steps),
            f"gradient_gap_{name}": float(max(gaps) / still.norm()),
        }
    return found


def _gradient(model: Model, x: Tensor, y: Tensor) -> Tensor:
    return image_gradient(model, x, lambda logits: logits.gather(1, y[:, None]).squeeze(1))
