"""The loop for batched networks: what it observes, and that divergence stops it by name."""

import pytest
import torch

from invlib.errors import InvlibError
from invlib.models.mlp import BatchedMLP
from invlib.training.batched import train_batched
from invlib.training.seeds import stream


def run(learning_rate: float, epochs: int, seeds: list[int]) -> tuple[list[int], BatchedMLP]:
    X = torch.randn(20, 4, generator=stream(0, "X"))
    Y = torch.randn(20, 2, generator=stream(0, "Y"))
    network = BatchedMLP(
        widths=(4, 3, 2), activation="tanh", generators=[stream(s, "init") for s in seeds]
    )
    seen = []

    def losses() -> torch.Tensor:
        return (network(X) - Y).square().mean((-2, -1))

    def observe(epoch: int) -> torch.Tensor:
        seen.append(epoch)
        return losses().detach()

    train_batched(
        network,
        lambda: losses().sum().backward(),
        epochs=epochs,
        learning_rate=learning_rate,
        observe_every=10,
        observe=observe,
    )
    return seen, network


def test_the_first_and_the_last_epoch_are_observed():
    for epochs, expected in ((25, [0, 10, 20, 25]), (20, [0, 10, 20]), (1, [0, 1])):
        assert run(0.01, epochs, [0])[0] == expected


def test_networks_trained_together_do_not_touch_each_other():
    _, together = run(0.01, 20, [0, 1])
    for place, seed in enumerate((0, 1)):
        _, alone = run(0.01, 20, [seed])
        for both, one in zip(together.weights, alone.weights, strict=True):
            torch.testing.assert_close(both[place], one[0], rtol=1e-4, atol=1e-6)


def test_a_diverging_loss_fails_by_name():
    with pytest.raises(InvlibError, match=r"epoch 10: training diverged.*below 1e\+38"):
        run(1e38, 20, [0])
