"""The training loop stops by name when it diverges, and observes what it was asked to."""

import pytest
import torch

from invlib.errors import InvlibError
from invlib.methods.mean_squared_error import MeanSquaredError
from invlib.models.two_layer import TwoLayerLinear
from invlib.training.full_batch import train_full_batch
from invlib.training.seeds import stream


def run(learning_rate: float, epochs: int, observe_every: int, optimizer="adam") -> list:
    X = torch.randn(1, 20, 4, generator=stream(0, "X"), dtype=torch.float64)
    Y = torch.randn(1, 20, 2, generator=stream(0, "Y"), dtype=torch.float64)
    network = TwoLayerLinear(inputs=4, hidden=2, outputs=2, generators=[stream(0, "init")])
    seen = []
    train_full_batch(
        network,
        MeanSquaredError().on(X, Y),
        epochs=epochs,
        learning_rate=learning_rate,
        observe_every=observe_every,
        observe=lambda epoch, W, loss: seen.append((epoch, W.clone())),
        optimizer=optimizer,
    )
    return seen


def test_the_first_and_the_last_epoch_are_observed():
    for epochs, expected in ((25, [0, 10, 20, 25]), (20, [0, 10, 20]), (1, [0, 1])):
        assert [epoch for epoch, _ in run(0.01, epochs, 10)] == expected


def test_gradient_descent_steps_against_the_gradient():
    (_, before), (_, after) = run(1e-6, 1, 1, "gradient_descent")
    X = torch.randn(1, 20, 4, generator=stream(0, "X"), dtype=torch.float64)
    Y = torch.randn(1, 20, 2, generator=stream(0, "Y"), dtype=torch.float64)
    gradient = MeanSquaredError().on(X, Y).gradient(before)
    network = TwoLayerLinear(inputs=4, hidden=2, outputs=2, generators=[stream(0, "init")])
    first, second = network.first.detach(), network.second.detach()
    expected = -1e-6 * (second @ second.mT @ gradient + gradient @ first.mT @ first)
    torch.testing.assert_close(after - before, expected, rtol=1e-4, atol=1e-14)


def test_a_diverging_loss_fails_by_name():
    with pytest.raises(
        InvlibError, match=r"epoch .*: training diverged.*learning_rate below 1e\+200"
    ):
        run(1e200, 20, 1)


def test_initialization_is_that_of_a_linear_layer():
    network = TwoLayerLinear(
        inputs=400, hidden=50, outputs=9, generators=[stream(s, "init") for s in range(4)]
    )
    assert network.first.abs().max() <= 400**-0.5
    assert network.second.abs().max() <= 50**-0.5
    assert network.first.std().item() == pytest.approx(400**-0.5 / 3**0.5, rel=0.02)


def test_streams_of_one_seed_are_independent_and_repeatable():
    draws = [torch.rand(3, generator=stream(s, p)) for s in (0, 1) for p in ("subset", "init")]
    for i, a in enumerate(draws):
        for b in draws[i + 1 :]:
            assert not torch.equal(a, b)
    assert torch.equal(torch.rand(3, generator=stream(0, "subset")), draws[0])
