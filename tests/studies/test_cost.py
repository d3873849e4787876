"""What is measured is the training it claims to be, and counts what one counts by hand."""

import pytest
import torch

from invlib.groups import rotations
from invlib.methods.ways import LOSSES, Augmented, Constrained, Regularized
from invlib.models.two_layer import TwoLayerLinear
from invlib.studies.linear.cost import STRENGTH, Cost, measure, medians, ways_on_samples
from invlib.studies.linear.sample import training_subsets
from invlib.training.full_batch import train_full_batch
from invlib.training.seeds import stream

SAMPLES, PIXELS, ORBITS, HIDDEN, CLASSES = 40, 64, 16, 5, 9
COST = Cost(samples=SAMPLES, rounds=1)
GROUP = rotations(8)


@pytest.fixture(scope="module")
def numbers():
    (outcome,) = measure(COST, [0], lambda label, fraction: None)
    return outcome.metrics


def by_hand(samples: int, inputs: int) -> int:
    """Forward, and backward for both layers and the hidden units; images need no gradient."""
    first, second = samples * inputs * HIDDEN, samples * HIDDEN * CLASSES
    return 2 * first + 3 * second


LAYERS = HIDDEN * PIXELS * CLASSES  # W₂ W₁, and the same for each layer's gradient


@pytest.mark.parametrize(
    ("manner", "expected"),
    [
        ("constrained", by_hand(SAMPLES, ORBITS)),
        ("constrained_inside", by_hand(SAMPLES, ORBITS) + SAMPLES * PIXELS * ORBITS),
        ("augmented", by_hand(4 * SAMPLES, PIXELS)),
        ("regularized", by_hand(SAMPLES, PIXELS) + 3 * LAYERS + 2 * CLASSES * PIXELS**2),
        ("regularized_moving", by_hand(SAMPLES, PIXELS) + 3 * LAYERS),
        ("augmented_moments", 3 * LAYERS + CLASSES * PIXELS**2),
        ("constrained_moments", 3 * HIDDEN * ORBITS * CLASSES + CLASSES * ORBITS**2),
    ],
)
def test_multiply_adds_are_those_counted_by_hand(numbers, manner, expected):
    assert numbers[f"multiply_adds_{manner}"] == expected


def test_parameters_and_samples_are_those_of_the_networks(numbers):
    assert numbers["parameters_constrained"] == HIDDEN * ORBITS + CLASSES * HIDDEN
    assert numbers["parameters_augmented"] == HIDDEN * PIXELS + CLASSES * HIDDEN
    assert numbers["samples_augmented"] == 4 * numbers["samples_regularized"] == 4 * SAMPLES


def test_every_manner_is_timed(numbers):
    timed = {name for name in numbers if name.startswith("seconds")}
    assert timed == {n.replace("multiply_adds", "seconds") for n in numbers if "adds" in n}
    assert all(numbers[name] > 0 for name in timed)


@pytest.mark.parametrize(
    ("manner", "method"),
    [
        ("constrained", Constrained()),
        ("constrained_inside", Constrained()),
        ("augmented", Augmented()),
        ("regularized", Regularized(STRENGTH)),
        ("regularized_moving", Regularized(STRENGTH)),
    ],
)
def test_training_on_samples_takes_the_path_of_training_on_moments(manner, method):
    X, Y = training_subsets(COST, [0])
    network = TwoLayerLinear(
        inputs=method.inputs(GROUP),
        hidden=HIDDEN,
        outputs=CLASSES,
        generators=[stream(0, "init")],
    )
    train_full_batch(
        network,
        method.objective(LOSSES["mse"], X, Y, GROUP),
        epochs=6,
        learning_rate=0.001,
        observe_every=6,
        observe=lambda epoch, W, loss: None,
    )
    plain = ways_on_samples(X[0], Y[0], GROUP, HIDDEN, seed=0)[manner]
    for _ in range(6):
        plain.epoch()
    torch.testing.assert_close(plain.matrix(), network.matrix()[0], rtol=1e-6, atol=1e-9)


def test_each_block_is_timed_in_turn():
    order = []
    blocks = {name: lambda name=name: order.append(name) for name in "ab"}
    assert set(medians(blocks, rounds=2)) == {"a", "b"}
    assert order == ["a", "b", "a", "b", "a", "b"]  # the first two to warm up
