"""Readings of the saliency map: axioms, an oracle written by others, and equivariance."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from invlib.groups import rotations, translations
from invlib.metrics import saliency_similarity
from invlib.metrics.aligned import aligned_cosines
from invlib.models.perceptron import Perceptron
from invlib.models.weight_tied import WeightTiedMLP
from invlib.saliency import integrated_gradients, saliency_map
from invlib.saliency.choices import integrated_from
from invlib.saliency.readings import READINGS, Reading, maps_of_readings, weights_of_pixels

SIDE, CLASSES, GREY = 6, 4, 0.3
WIDTHS = [SIDE * SIDE, 12, 12, CLASSES]


def model(group=None, seed=0):
    """A perceptron of the paper on pixels; weight-tied over a group if one is given."""
    generators = [torch.Generator().manual_seed(seed)]
    network = (
        WeightTiedMLP(group, widths=WIDTHS, generators=generators)
        if group
        else Perceptron(widths=WIDTHS, activation="relu", generators=generators)
    ).double()
    for weight in network.weights:
        weight.data *= 3
    return lambda z: network(network.encode(((z - GREY) / 0.4)[None]))[0]


def images(n=5, seed=1):
    generator = torch.Generator().manual_seed(seed)
    x = torch.rand(n, SIDE * SIDE, generator=generator, dtype=torch.float64)
    return x, torch.randint(CLASSES, (n,), generator=generator)


@pytest.mark.parametrize("baseline", [0.0, GREY])
@pytest.mark.parametrize("probability", [False, True])
def test_against_captum(baseline, probability):
    """The same integral by others' code, from black and from grey, of logits and of probabilities.

    With the same rule for the integral, the midpoints of 32 steps, the two agree to rounding.
    """
    attr = pytest.importorskip("captum.attr")
    f, (x, y) = model(), images()

    def target(z):
        return f(z).softmax(-1) if probability else f(z)

    oracle = attr.IntegratedGradients(target).attribute(
        x, baselines=baseline, target=y, n_steps=32, method="riemann_middle"
    )
    reading = Reading("", grey_baseline=baseline > 0, probability=probability)
    found = weights_of_pixels(reading, f, x, y, GREY)
    torch.testing.assert_close(found, oracle.abs())
    if not baseline:
        torch.testing.assert_close(integrated_gradients(target, x, y), oracle)


@settings(deadline=None, max_examples=10)
@given(seed=st.integers(0, 1000), baseline=st.floats(0, 1), smooth=st.booleans())
def test_completeness(seed, baseline, smooth):
    """Attributions sum to f_y(x) − f_y(b), for any network, image, baseline and target."""
    f, (x, y) = model(seed=seed), images(3, seed)

    def target(z):
        return f(z).softmax(-1) if smooth else f(z)

    found = integrated_from(target, x, y, torch.full_like(x[0], baseline), steps=600)
    rows = torch.arange(3)
    difference = target(x)[rows, y] - target(torch.full_like(x, baseline))[rows, y]
    torch.testing.assert_close(found.sum(-1), difference.detach(), atol=1e-2, rtol=1e-3)


def test_one_step_from_grey_is_exact():
    """Grey is the network's zero, and without biases it is linear on every ray from there."""
    f, (x, y) = model(), images()
    one, many = (
        weights_of_pixels(Reading("", grey_baseline=True, steps=s), f, x, y, GREY) for s in (1, 40)
    )
    torch.testing.assert_close(one, many)
    black = [weights_of_pixels(Reading("", steps=s), f, x, y, GREY) for s in (1, 40)]
    assert not torch.allclose(*black)


def test_the_reading_taken_is_the_saliency_map():
    f, (x, y) = model(), images()
    found = maps_of_readings(READINGS, f, x, y, GREY)
    assert found.shape == (5, len(READINGS), SIDE * SIDE)
    torch.testing.assert_close(found[:, 0], saliency_map(f, x, y))
    assert all(not torch.allclose(found[:, 0], found[:, k]) for k in range(1, len(READINGS)))


def test_each_reading_is_what_its_words_say():
    f, (x, y) = model(), images()
    found = dict(zip(READINGS, maps_of_readings(READINGS, f, x, y, GREY).unbind(1), strict=True))
    torch.testing.assert_close(found["predicted"], saliency_map(f, x, f(x).argmax(-1)))
    attributed = integrated_gradients(f, x, y).abs()
    torch.testing.assert_close(found["bare"], attributed)
    still = x.clone().requires_grad_()
    f(still)[torch.arange(5), y].sum().backward()
    gradient = Reading("", gradient_alone=True, threshold=False, smoothing=False)
    torch.testing.assert_close(weights_of_pixels(gradient, f, x, y, GREY), still.grad.abs())
    first = weights_of_pixels(READINGS["absolute_first"], f, x, y, GREY)
    assert (first >= attributed - 1e-12).all()  # the triangle inequality


@pytest.mark.parametrize("group", [rotations(SIDE), translations(SIDE)], ids=["R4", "T3"])
def test_by_every_reading_a_weight_tied_network_is_aligned(group):
    f, (x, y) = model(group), images()

    def maps(z, rows):
        return maps_of_readings(READINGS, f, z, y[rows], GREY)

    found = aligned_cosines(maps, x, group)
    assert found.shape == (5, group.order - 1, len(READINGS))
    torch.testing.assert_close(found, torch.ones_like(found))


def test_their_mean_is_the_similarity_of_the_metrics():
    group = rotations(SIDE)
    f, (x, y) = model(), images()

    def maps(z, rows):
        return maps_of_readings({"taken": READINGS["taken"]}, f, z, y[rows], GREY)

    found = aligned_cosines(maps, x, group, batch=2).mean()
    assert float(found) == pytest.approx(saliency_similarity(f, x, y, group))
    assert found < 0.95
