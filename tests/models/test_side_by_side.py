"""Networks side by side, trained by the gradient written by hand, are plain networks trained."""

import pytest
import torch
from torch import nn

from invlib.groups import rotations
from invlib.groups.orbit_products import OrbitProducts
from invlib.models.mlp import BatchedMLP
from invlib.models.side_by_side import PlainInputs, SideBySide
from invlib.training.batched import train_batched
from invlib.training.seeds import stream

KINDS = (
    ("relu", 3, nn.ReLU),
    ("leaky_relu", 2, nn.LeakyReLU),
    ("swish", 4, nn.SiLU),
    ("tanh", 3, nn.Tanh),
)
GROUP = rotations(4)
X = torch.rand(12, GROUP.pixels, generator=stream(0, "X"), dtype=torch.float64)
Y = torch.rand(12, 5, generator=stream(0, "Y"), dtype=torch.float64)


def mlps() -> list[BatchedMLP]:
    return [
        BatchedMLP(
            widths=(GROUP.pixels, hidden, 5),
            activation=activation,
            generators=[stream(hidden, "init")],
            dtype=torch.float64,
        )
        for activation, hidden, _ in KINDS
    ]


def plain_networks() -> list[nn.Sequential]:
    found = []
    for mlp, (_, hidden, activation) in zip(mlps(), KINDS, strict=True):
        first = nn.Linear(GROUP.pixels, hidden, bias=False, dtype=torch.float64)
        second = nn.Linear(hidden, 5, bias=False, dtype=torch.float64)
        first.weight.data, second.weight.data = (w.detach()[0].clone() for w in mlp.weights)
        found.append(nn.Sequential(first, activation(), second))
    return found


@pytest.mark.parametrize("augmented", [False, True])
def test_training_follows_plain_pytorch_on_the_posed_images(augmented):
    inputs = OrbitProducts(X, GROUP) if augmented else PlainInputs(X)
    images = GROUP.orbit(X).flatten(0, 1) if augmented else X
    targets = Y.repeat_interleave(GROUP.order, 0) if augmented else Y
    together = SideBySide(mlps())
    losses = []

    def observe(epoch: int) -> torch.Tensor:
        values = together.outputs(inputs)
        losses.append(torch.stack([(v - Y.mT.unsqueeze(1)).square().mean() for v in values]))
        return losses[-1]

    train_batched(
        together,
        lambda: together.step(inputs, Y.mT),
        epochs=30,
        learning_rate=0.01,
        observe_every=30,
        observe=observe,
    )
    for place, network in enumerate(plain_networks()):
        steps = torch.optim.Adam(network.parameters(), lr=0.01)
        start = nn.functional.mse_loss(network(images), targets)
        for _ in range(30):
            steps.zero_grad()
            nn.functional.mse_loss(network(images), targets).backward()
            steps.step()
        end = nn.functional.mse_loss(network(images), targets)
        torch.testing.assert_close(losses[0][place], start.detach())
        torch.testing.assert_close(losses[1][place], end.detach(), rtol=1e-6, atol=0)
        first, second = together.weights()[place]
        torch.testing.assert_close(first, network[0].weight.detach(), rtol=1e-5, atol=1e-7)
        torch.testing.assert_close(second, network[2].weight.detach(), rtol=1e-5, atol=1e-7)


def test_outputs_in_each_pose_are_those_of_the_posed_images():
    together, inputs = SideBySide(mlps()), OrbitProducts(X, GROUP)
    for value, mlp in zip(together.outputs(inputs), mlps(), strict=True):
        for pose, element in enumerate(inputs.elements):
            expected = mlp(GROUP.act(X, element))[0].mT.detach()
            torch.testing.assert_close(value[:, pose], expected)
