"""The studies behind genuine/orbit_maps and genuine/orbit_geometry, on small networks."""

import numpy as np
import pytest
import torch

from invlib.errors import UsageError
from invlib.metrics.similarity import saliency_similarity
from invlib.saliency.readings import READINGS
from invlib.studies.genuine import (
    orbit_embedding,
    orbit_layers,
    orbit_pairs,
    orbit_pictures,
    saliency_choices,
)
from invlib.studies.genuine.looked_at import LookedAt
from invlib.studies.genuine.networks import Network, networks
from invlib.studies.genuine.orbit_embedding import Embedding
from invlib.studies.genuine.orbit_geometry import OrbitGeometry
from invlib.studies.genuine.orbit_geometry import plan as geometry_plan
from invlib.studies.genuine.orbit_maps import OrbitMaps
from invlib.studies.genuine.orbit_maps import plan as maps_plan

SMALL = {"train": 200, "validation": 60, "test": 120, "epochs": 4, "width": 16, "depth": 2}


def quiet(label, fraction):
    """No progress lines in tests."""


@pytest.fixture(autouse=True)
def own_runs(tmp_path_factory, monkeypatch):
    """Networks of these tests are kept apart from those of this checkout, but shared among them."""
    folder = tmp_path_factory.getbasetemp() / "orbit-networks"
    monkeypatch.setenv("INVLIB_RUNS", str(folder))


def looked_at(method="DA", group="R4", images=100, **changes):
    strength = 1.0 if method == "IR" else 0.0
    return LookedAt(**SMALL | changes, method=method, group=group, strength=strength, images=images)


@pytest.mark.parametrize("group", ["R4", "T3"])
def test_pairs_of_a_weight_tied_network_are_alike_and_others_are_not(group):
    (tied,) = orbit_pairs.measure(looked_at("WT", group, 20), [0], quiet)
    (plain,) = orbit_pairs.measure(looked_at("DA", group, 20), [0], quiet)
    for name in ("agreement", "SI", "SI_agreeing", "aligned_share"):
        assert tied.metrics[name] == pytest.approx(1, abs=1e-3)
        assert plain.metrics[name] < 0.999
    assert tied.metrics["SI_not_turned_back"] < 0.9
    assert tied.metrics["SI_other_image"] < 0.95
    share = plain.curves["share"]
    assert share[0] == 1
    assert (np.diff(share) <= 0).all()
    assert share[36] == plain.metrics["aligned_share"]  # cosine 0.9 on a grid of fortieths


def test_pairs_agree_with_the_metric_of_table_1():
    (found,) = orbit_pairs.measure(looked_at(images=20), [0], quiet)
    (one,) = networks(looked_at().network, [0], quiet)
    test = one.parts.test
    wanted = saliency_similarity(one.on_pixels, test.pixels[:20], test.labels[:20], one.group)
    assert found.metrics["SI"] == pytest.approx(wanted, rel=1e-6)


def test_pictures_are_of_the_first_test_image_of_each_class():
    config = looked_at().network
    (found,) = orbit_pictures.draw(config, [0], quiet)
    (one,) = networks(config, [0], quiet)
    labels = found.arrays["labels"].tolist()
    assert labels == sorted(set(one.parts.test.labels.tolist()))
    for n, label in enumerate(labels):
        first = one.parts.test.labels.tolist().index(label)
        pixels = one.parts.test.pixels[first].numpy()
        np.testing.assert_allclose(found.arrays["images"][n] / 255, pixels, atol=0.51 / 255)
    maps = found.arrays["maps"]
    assert maps.shape == (len(labels), 4, 144)
    assert (maps.max(-1) == 255).all()
    assert found.arrays["probabilities"].astype(float).sum(-1) == pytest.approx(1, abs=0.01)


def test_choices_compare_the_regularized_network_with_the_augmented_one():
    (found,) = saliency_choices.compare(looked_at("IR", images=4), [0], quiet)
    (pairs,) = orbit_pairs.measure(looked_at("DA", images=4), [0], quiet)
    assert found.metrics["DA_taken"] == pytest.approx(pairs.metrics["SI"])
    gaps = [found.metrics[f"IR_{name}"] - found.metrics[f"DA_{name}"] for name in READINGS]
    assert found.metrics["least_gap"] == pytest.approx(min(gaps))


@pytest.mark.parametrize("group", ["R4", "T3"])
def test_layers_of_a_weight_tied_network_do_not_know_the_pose(group):
    order = {"R4": 4, "T3": 3}[group]
    (tied,) = orbit_layers.measure(looked_at("WT", group), [0], quiet)
    (plain,) = orbit_layers.measure(looked_at("DA", group), [0], quiet)
    assert tied.curves["layer"].tolist() == [0, 1, 2]
    assert tied.metrics["pose_probe"] == pytest.approx(1 / order, abs=0.02)
    assert tied.metrics["orbit_over_class"] < 1e-4
    assert tied.metrics["neighbours_own_orbit"] > 0.99
    assert plain.metrics["pose_probe"] > 1.2 / order
    assert plain.metrics["orbit_over_class"] > 0.05
    # the image itself is the same to both
    assert tied.metrics["pose_probe_pixels"] == plain.metrics["pose_probe_pixels"]
    assert tied.curves["orbit_over_class"][0] == plain.curves["orbit_over_class"][0]


def test_layers_begin_with_the_image_and_lead_to_the_logits():
    (one,) = networks(looked_at().network, [0], quiet)
    layers, labels = orbit_layers.layers_of(one, one.parts.test, 5, 9)
    x = one.parts.normalize(one.parts.test.pixels[5:9])
    assert layers[0].equal(one.group.orbit(x))
    assert labels.equal(one.parts.test.labels[5:9])
    with torch.no_grad():
        logits = one.logits(one.group.act(x, 1))
    torch.testing.assert_close(layers[-1][:, 1] @ one.network.weights[-1][0].mT, logits)


def test_the_plane_is_the_same_twice():
    config = Embedding(**looked_at(images=30).plain(), iterations=250)
    a, b = (orbit_embedding.embed(config, [0], quiet)[0] for _ in range(2))
    assert a.arrays["plane"].shape == (30, 4, 2)
    assert np.array_equal(a.arrays["plane"], b.arrays["plane"])
    assert np.isfinite(a.arrays["plane"].astype(float)).all()


def test_a_look_does_not_change_which_network_is_meant():
    config = looked_at("IR", images=7)
    assert type(config.network) is Network
    assert config.network.plain().items() <= config.plain().items()


@pytest.mark.parametrize("study", [(OrbitMaps, maps_plan), (OrbitGeometry, geometry_plan)])
def test_plans_name_one_seed_per_batch_and_no_label_twice(study):
    config, plan = study
    work = plan(config())
    assert all(len(seeds) == 1 for _, _, seeds in work)
    by_label: dict[str, set] = {}
    for experiment, own, _ in work:
        by_label.setdefault(experiment.label(own), set()).add(experiment.name)
    assert all(len(names) == 1 for names in by_label.values())


def test_more_images_than_there_are_is_refused_by_name():
    with pytest.raises(UsageError, match="parameter images is 500; it must be at most test, 120"):
        looked_at(images=500)
