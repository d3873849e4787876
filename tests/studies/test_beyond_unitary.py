"""The experiments of linear/beyond_unitary on small digits, and their refusals."""

import pytest
import torch

from invlib.closed_form import constrained_optimum
from invlib.errors import UsageError
from invlib.groups import rotations
from invlib.studies.linear import (
    full_orbits,
    least_norm,
    more_images,
    partial_orbits,
    shear_powers,
    small_angles,
)
from invlib.studies.linear.beyond_unitary import STUDY, BeyondUnitary
from invlib.studies.linear.partial_orbits import PartialOrbit, wobble
from invlib.studies.study import collect


def quiet(label, fraction):
    """No progress lines in tests."""


def metrics(experiment, **config):
    return experiment.run(experiment.config(**config), [0], quiet)[0].metrics


@pytest.mark.parametrize("group", full_orbits.GROUPS)
def test_whole_orbits_need_no_unitarity(group):
    found = metrics(full_orbits.EXPERIMENT, group=group)
    assert found["difference_1e0"] < 1e-11
    assert found["difference_unbounded_1e0"] < 1e-11
    assert found["noninvariant_1e3"] < 1e-9
    assert (found["departure"] > 1) == group.startswith("lattice")


def test_powers_of_a_shear_near_the_invariant_map():
    found = metrics(shear_powers.EXPERIMENT)
    assert found["difference_4"] > 0.1
    assert 0.4 < found["difference_256"] / found["difference_128"] < 0.6


def test_weights_of_turns():
    assert PartialOrbit().weights.tolist() == [0.25] * 4
    assert PartialOrbit(turns=(0, 2)).weights.tolist() == [0.5, 0, 0.5, 0]
    assert PartialOrbit(lean=0.5).weights.tolist() == [0.625, 0.125, 0.125, 0.125]
    assert PartialOrbit(lean=0.5).label == "turns-0-1-2-3+lean=0.5"
    with pytest.raises(UsageError, match="lean needs turn 0"):
        PartialOrbit(turns=(1, 2), lean=0.5)


def test_parts_of_the_orbit():
    whole = metrics(partial_orbits.EXPERIMENT, samples=200)
    half = metrics(partial_orbits.EXPERIMENT, samples=200, turns=(0, 1))
    subgroup = metrics(partial_orbits.EXPERIMENT, samples=200, turns=(0, 2))
    assert whole["difference"] < 1e-10
    assert abs(whole["excess"]) < 1e-10
    assert half["excess"] > 0.01
    assert half["wobble"] > 0.1
    assert subgroup["half_turn_difference"] < 1e-8
    assert subgroup["difference"] > 0.01


def test_wobble_is_a_share_of_the_norm():
    group = rotations(4)
    X = torch.randn(9, 16, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    W = torch.randn(3, 16, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    assert wobble(constrained_optimum(X, X[:, :3], group, 3), group.orbit(X)) < 1e-12
    changes = W - group.orbit(W).mean(-2)
    assert wobble(changes, group.orbit(X)) == pytest.approx(1)
    assert 0.1 < wobble(W, group.orbit(X)) < 0.99


def test_small_angles_keep_only_the_symmetry_of_their_list():
    found = metrics(small_angles.EXPERIMENT, samples=200, counts=(4, 5, 8))
    assert found["wobble_shown_4"] < 1e-10
    assert found["wobble_quarters_8"] < 1e-10
    assert found["wobble_shown_8"] > 0.01
    assert found["wobble_quarters_5"] > 0.1


def test_more_images_help_where_they_are_turned():
    sizes = (80, 1280)
    turned = metrics(more_images.EXPERIMENT, samples=1280, sizes=sizes, population="turned")
    upright = metrics(more_images.EXPERIMENT, samples=1280, sizes=sizes)
    assert turned["wobble_most"] < 0.5 * turned["wobble_least"]
    assert upright["wobble_most"] > 0.5 * upright["wobble_least"]
    with pytest.raises(UsageError, match="sizes goes to 600"):
        more_images.MoreImages(samples=500, sizes=(600,))


def test_least_norm_depends_on_coordinates_where_directions_are_missing():
    few = {"samples": 10, "hidden": 9}
    pixels = metrics(least_norm.EXPERIMENT, coordinates="pixels", **few)
    assert pixels["directions"] == 40
    assert pixels["difference_plain"] < 1e-9
    for coordinates in ("standardized", "mixed"):
        found = metrics(least_norm.EXPERIMENT, coordinates=coordinates, **few)
        assert found["difference_plain"] > 0.01
        assert found["on_images_plain"] < 1e-9
        assert found["difference_invariant"] < 1e-9


def test_the_study_collects_everything(settings):
    parameters = BeyondUnitary(
        samples=60, few=5, sizes=[40, 60], leans=[0.5], counts=[4, 5], seeds=1
    )
    runs = collect(STUDY, parameters, settings)
    labels = set(runs.frame()["label"])
    assert {"turns", "lattice-6", "shear-powers", "turns-0-1-2-3", "mixed-5"} <= labels
    assert {"turns-0-1-2-3+lean=0.5", "small-angles", "half-orbit-turned"} <= labels
    assert len(labels) == len(runs.known)


@pytest.mark.parametrize("values", [{"sizes": [5000]}, {"few": 5000}, {"samples": 5000}])
def test_more_images_than_there_are_are_refused_by_name(settings, values):
    with pytest.raises(UsageError, match="samples is 5000; digits has 1300 training images"):
        collect(STUDY, BeyondUnitary(**values, seeds=1), settings)
