"""What is followed during training: the split of loss and norms, and the columns of one orbit."""

import numpy as np
import pytest

from invlib.groups import rotations
from invlib.studies.linear.observer import tracked_orbit
from invlib.studies.linear.two_layer import TwoLayer, train


def quiet(label, fraction):
    """No progress lines in tests."""


def followed(**values):
    config = TwoLayer(samples=60, epochs=40, observe_every=20, **values)
    (outcome,) = train(config, [0], quiet)
    return outcome


def test_the_orbit_followed_at_14x14_is_the_papers():
    assert tracked_orbit(rotations(14)) == [45, 52, 143, 150]


@pytest.mark.parametrize("side", [2, 3, 4, 8])
def test_the_orbit_followed_is_an_orbit(side):
    group = rotations(side)
    pixels = tracked_orbit(group)
    image = np.zeros(side * side)
    image[pixels] = 1
    np.testing.assert_array_equal(np.rot90(image.reshape(side, side)).flatten(), image)


@pytest.mark.parametrize("loss", ["mse", "cross_entropy"])
def test_the_weights_followed_end_as_those_of_the_map(loss):
    outcome = followed(loss=loss)
    last = outcome.arrays["weight"][:, tracked_orbit(rotations(8))]
    np.testing.assert_array_equal(outcome.arrays["orbit_weights"][-1], last)
    assert outcome.arrays["orbit_weights"].shape == (3, 9, 4)


def test_under_augmentation_the_noninvariant_part_costs_something():
    outcome = followed(method="augmented")
    assert (outcome.curves["loss"] >= outcome.curves["invariant_loss"]).all()


def test_a_constrained_network_has_no_noninvariant_part():
    outcome = followed(method="constrained")
    for name in ("noninvariant_norm", "noninvariant_first_norm", "blank_norm"):
        assert outcome.curves[name].max() < 1e-6
    np.testing.assert_allclose(outcome.curves["loss"], outcome.curves["invariant_loss"], rtol=1e-6)


def test_parts_of_the_noninvariant_norm_are_no_larger_than_it():
    outcome = followed(method="augmented", init_scale=3.0, learning_rate=0.01)
    assert (outcome.curves["blank_norm"] <= outcome.curves["noninvariant_norm"]).all()
    product = outcome.curves["second_norm"] * outcome.curves["noninvariant_first_norm"]
    assert (outcome.curves["noninvariant_norm"] <= product * 1.000001).all()


def test_a_label_names_what_differs_from_plain_training():
    assert TwoLayer().label == "augmented"
    assert TwoLayer(method="regularized", strength=0.1).label == "regularized-0.1"
    config = TwoLayer(
        loss="cross_entropy", optimizer="gradient_descent", learning_rate=0.1, init_scale=0.3
    )
    assert config.label == "augmented+cross_entropy+gradient_descent+rate=0.1+init=0.3"
