"""DI, LI and SI, streaming in batches, against a plain loop that turns images with torch alone."""

import math

import pytest
import torch
from torch.nn.functional import cosine_similarity, kl_div

from invlib.groups import rotations, translations
from invlib.metrics import (
    logit_invariance_error,
    predictive_invariance_error,
    saliency_similarity,
)
from invlib.metrics.aligned import aligned_cosines, orbit_maps, turned_back
from invlib.models.perceptron import Perceptron
from invlib.saliency import saliency_map

SIDE = 6


def rolled(image, k):
    return torch.roll(image, k * SIDE // 3, dims=-1)


CASES = {
    "R4": (rotations(SIDE), lambda image, k: torch.rot90(image, k, (-2, -1))),
    "T3": (translations(SIDE), rolled),
}


@pytest.fixture(params=CASES)
def case(request):
    group, move = CASES[request.param]
    network = Perceptron(
        widths=[SIDE * SIDE, 16, 16, 5],
        activation="relu",
        generators=[torch.Generator().manual_seed(3)],
    ).double()
    for weight in network.weights:
        weight.data *= 3
    generator = torch.Generator().manual_seed(4)
    x = torch.rand(7, SIDE, SIDE, generator=generator, dtype=torch.float64) - 0.2
    y = torch.randint(5, (7,), generator=generator)
    return group, move, (lambda z: network(z[None])[0]), x, y


def test_against_a_loop_over_images_and_elements(case):
    group, move, f, x, y = case
    LI, DI, SI = [], [], []
    for image, label in zip(x, y, strict=True):
        still = f(image.flatten()[None])[0]
        map_still = saliency_map(f, image.flatten()[None], label[None])[0]
        for k in range(1, group.order):
            turned = move(image, k).flatten()[None]
            logits = f(turned)[0]
            LI.append(0.5 * (still - logits).pow(2).sum())
            p, q = still.log_softmax(-1), logits.log_softmax(-1)
            DI.append(kl_div(q, p, reduction="sum", log_target=True))
            back = move(saliency_map(f, turned, label[None]).view(SIDE, SIDE), group.order - k)
            SI.append(cosine_similarity(map_still, back.flatten(), dim=0))
    flat = x.flatten(1)
    for batch in (2, 100):
        wanted = torch.stack(LI).mean().item(), torch.stack(DI).mean().item()
        found = (
            logit_invariance_error(f, flat, group, batch=batch),
            predictive_invariance_error(f, flat, group, batch=batch),
        )
        assert found == pytest.approx(wanted, rel=1e-10)
        wanted_SI = torch.stack(SI).mean().item()
        assert saliency_similarity(f, flat, y, group, batch=batch) == pytest.approx(wanted_SI)
        assert 0 < wanted_SI < 0.95
        pairs = aligned_cosines(lambda z, rows: saliency_map(f, z, y[rows]), flat, group)
        torch.testing.assert_close(pairs, torch.stack(SI).view(7, -1))


def test_orbit_maps_are_kept_as_they_are_and_turned_back(case):
    group, move, _, x, _ = case
    maps = orbit_maps(lambda z, rows: z, x.flatten(1), group, batch=3)
    for k in range(group.order):
        torch.testing.assert_close(maps[:, k].view(x.shape), move(x, k))
    back = turned_back(maps, group)
    assert back.equal(x.flatten(1)[:, None].expand_as(back))


def test_a_member_of_an_orbit_is_compared_with_the_label_of_its_image(case):
    """In batches, too, the maps of an image are those of its own class."""
    group, _, _, x, y = case
    seen = []

    def maps(z, rows):
        seen.append((rows.start, tuple(y[rows].tolist()), len(z)))
        return z

    aligned_cosines(maps, x.flatten(1), group, batch=4)
    assert len(seen) == group.order * math.ceil(7 / 4)
    assert all(labels == tuple(y[start : start + n].tolist()) for start, labels, n in seen)
