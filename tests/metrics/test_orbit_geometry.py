"""Distances, neighbours and probes against brute force, and on features whose answer is known."""

import pytest
import torch

from invlib.errors import InvlibError, UsageError
from invlib.metrics.orbit_geometry import class_means, distances, neighbours, orbits_inside
from invlib.metrics.probes import probe_accuracy

LABELS = torch.tensor([0, 1, 0, 1, 2, 2, 0, 1])


def features(seed=0, d=3):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(8, 3, d, generator=generator, dtype=torch.float64)


def test_distances_against_a_plain_loop():
    F = features()
    found: dict[str, list] = {"orbit": [], "class": [], "others": []}
    for i in range(8):
        for g in range(3):
            for j in range(8):
                for h in range(3):
                    apart = (F[i, g] - F[j, h]).norm().item()
                    if i == j and g != h:
                        found["orbit"].append(apart)
                    elif i != j:
                        same = LABELS[i] == LABELS[j]
                        found["class" if same else "others"].append(apart)
    wanted = [sum(values) / len(values) for values in found.values()]
    d = distances(F, LABELS)
    assert [d.within_orbit, d.within_class, d.between_classes] == pytest.approx(wanted)


def test_neighbours_against_a_plain_loop():
    F = features(1)
    points = [(i, g) for i in range(8) for g in range(3)]
    orbit, own_class, pose = [], [], []
    for i, g in points:
        near = sorted(
            (p for p in points if p != (i, g)), key=lambda p: (F[p] - F[i, g]).norm().item()
        )
        orbit += [j == i for j, _ in near[:2]]
        others = [p for p in near if p[0] != i][:4]
        own_class += [LABELS[j].item() == LABELS[i].item() for j, _ in others]
        pose += [h == g for _, h in others]
    found = neighbours(F, LABELS, count=4)
    wanted = [sum(values) / len(values) for values in (orbit, own_class, pose)]
    assert [found.own_orbit, found.own_class, found.own_pose] == pytest.approx(wanted)


def test_orbits_that_are_one_point():
    F = features()[:, :1].expand(8, 3, 3)
    assert distances(F, LABELS).within_orbit == 0
    assert neighbours(F, LABELS, count=3).own_orbit == 1


def test_poses_that_part_from_each_other_inside_their_class():
    """Classes far apart, poses less far, images close: the picture of Fig. 2 in pure form."""
    F = 0.01 * features(2)
    F[..., 0] += 100 * LABELS[:, None]
    F[..., 1] += 10 * torch.arange(3)
    d, near = distances(F, LABELS), neighbours(F, LABELS, count=1)
    assert d.within_orbit == pytest.approx(40 / 3, rel=0.01)
    assert near.own_orbit < 0.15  # a class of two has too few others to fill the places
    assert near.own_class == near.own_pose == 1
    assert orbits_inside(F, LABELS, class_means(F, LABELS)) == 1
    F[0, 2, 0] += 100
    means = class_means(features(2) * 0, LABELS) + torch.tensor([[0.0], [100.0], [200.0]])
    means[:, 1:] = 0
    assert orbits_inside(F, LABELS, means) == 7 / 8


def test_class_means_are_over_images_and_poses():
    F = features(3)
    torch.testing.assert_close(class_means(F, LABELS)[2], F[4:6].reshape(-1, 3).mean(0))


def test_a_probe_reads_what_is_linear_and_nothing_from_noise():
    generator = torch.Generator().manual_seed(5)
    x = torch.randn(600, 8, generator=generator)
    x[:, 7] = 0  # a unit that is dead
    linear = (x[:, 0] + x[:, 1] > 0).long()
    xor = ((x[:, 0] > 0) ^ (x[:, 1] > 0)).long()
    assert probe_accuracy(x[:300], linear[:300], x[300:], linear[300:]) > 0.95
    assert probe_accuracy(x[:300], xor[:300], x[300:], xor[300:]) < 0.62


def test_a_probe_of_orbits_that_are_one_point_is_at_chance():
    F = features(6, 20)[:, :1].expand(8, 3, 20).flatten(0, 1)
    pose = torch.arange(3).repeat(8)
    assert probe_accuracy(F, pose, F, pose) == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"features": features()[:, 0]}, r"\[n, order, d\]"),
        ({"features": features()[:, :1]}, "two poses"),
        ({"labels": LABELS[:3]}, "8 images need"),
        ({"count": 0}, "count is 0"),
        ({"count": 22}, "from 1 to 21"),
    ],
)
def test_refusals(change, words):
    with pytest.raises(UsageError, match=words):
        neighbours(**{"features": features(), "labels": LABELS} | change)


def test_a_class_without_company_is_refused_by_name():
    with pytest.raises(InvlibError, match="two classes"):
        distances(features(), torch.zeros(8))
    with pytest.raises(InvlibError, match="one class"):
        distances(features(), torch.arange(8))
    with pytest.raises(InvlibError, match="one has no image"):
        class_means(features(), LABELS + (LABELS > 0))
