"""Convolutional networks are plain PyTorch networks; the C4 one does not see quarter turns."""

import pytest
import torch
from torch import nn

from invlib.errors import UsageError
from invlib.groups import rotations
from invlib.models.cnn import BatchedC4CNN, BatchedCNN
from invlib.training.seeds import stream

KINDS = {"cnn": BatchedCNN, "c4": BatchedC4CNN}


def network(kind, side=12, seeds=(0, 1, 2)):
    return KINDS[kind](
        side=side,
        outputs=5,
        channels=(3, 2),
        hidden=4,
        generators=[stream(seed, "init") for seed in seeds],
        dtype=torch.float64,
    )


def images(*shape, side=12):
    return torch.randn(*shape, side * side, generator=stream(0, "x"), dtype=torch.float64)


def tied(weight, size):
    """A dense matrix of a group convolution, its copies one by one: [(out, r), (in, s), k, k]."""
    w = weight.unflatten(-1, (-1, 4, size, size))
    copies = [
        torch.stack([w[:, :, (s - r) % 4].rot90(r, (-2, -1)) for s in range(4)], 2)
        for r in range(4)
    ]
    return torch.stack(copies, 1).flatten(0, 1).flatten(1, 2)


class Plain(nn.Module):
    """One network of a batch, from PyTorch's own layers."""

    def __init__(self, batched, place):
        super().__init__()
        first, second, dense, last = (w[place].detach().clone() for w in batched.weights)
        self.copies, self.side, small = batched.copies, batched.side, batched.side // 4
        if self.copies == 1:
            self.first, self.second = first.view(-1, 1, 6, 6), second.view(len(second), -1, 3, 3)
            self.dense = dense.view(len(dense), -1, small, small)
        else:
            turned = [first.view(-1, 1, 6, 6).rot90(r, (-2, -1)) for r in range(4)]
            self.first = torch.stack(turned, 1).flatten(0, 1)
            self.second, self.dense = tied(second, 3), tied(dense, small)
        self.last = last

    def forward(self, x):
        x = x.view(-1, 1, self.side, self.side)
        x = nn.functional.conv2d(x, self.first, stride=4, padding=1).relu()
        x = nn.functional.conv2d(x, self.second, padding=1).relu()
        x = nn.functional.conv2d(x, self.dense).relu()
        return x.view(len(x), -1, self.copies).mean(-1) @ self.last.mT


@pytest.mark.parametrize("side", [8, 12])
@pytest.mark.parametrize("kind", KINDS)
def test_each_seed_computes_what_a_plain_network_does(kind, side):
    batched = network(kind, side)
    x = images(3, 7, side=side)
    for place in range(3):
        single = Plain(batched, place)
        torch.testing.assert_close(batched(x)[place], single(x[place]))
        torch.testing.assert_close(batched(x[0])[place], single(x[0]))  # shared images
        alone = network(kind, side, seeds=(place,))
        torch.testing.assert_close(batched(x)[place], alone(x[place])[0])


@pytest.mark.parametrize("kind", KINDS)
def test_networks_side_by_side_learn_as_each_alone(kind):
    batched, x = network(kind), images(7)
    batched(x).square().mean((-2, -1)).sum().backward()
    for place in range(3):
        alone = network(kind, seeds=(place,))
        alone(x).square().mean().backward()
        for ours, single in zip(batched.weights, alone.weights, strict=True):
            torch.testing.assert_close(ours.grad[place], single.grad[0])


@pytest.mark.parametrize("side", [4, 8, 12, 36])
def test_every_layer_of_the_c4_network_is_equivariant_and_its_logits_are_invariant(side):
    model, turns = network("c4", side, seeds=(0,)), rotations(side)
    x = images(2, side=side)
    first, second, units = model.features(x)
    turned = model.features(turns.act(x, 1))
    for still, moved in zip((first, second), turned[:2], strict=True):
        # the quarter turn acts on places, and shifts the four planes of each channel
        torch.testing.assert_close(moved, still.rot90(1, (-2, -1)).roll(1, -3))
    torch.testing.assert_close(turned[2], units.roll(1, -1))
    assert not torch.allclose(turned[2], units)  # equivariant, not invariant yet
    for k in range(1, 4):
        torch.testing.assert_close(model(turns.act(x, k)), model(x))


def test_the_plain_network_sees_quarter_turns():
    model, x = network("cnn", seeds=(0,)), images(4)
    assert not torch.allclose(model(rotations(12).act(x, 1)), model(x), rtol=1e-2)


def test_weight_sharing_saves_three_of_four_weights_at_equal_planes():
    def count(kind, **sizes):
        module = KINDS[kind](side=36, outputs=9, generators=[stream(0, "init")], **sizes)
        return [weight.numel() for weight in module.weights]

    plain = count("cnn", channels=(16, 16), hidden=64)
    shared = count("c4", channels=(4, 4), hidden=16)
    assert plain == [16 * 36, 16 * 16 * 9, 64 * 16 * 81, 9 * 64]
    assert [4 * number for number in shared] == plain


def test_initialization_is_pytorchs_default():
    wide = BatchedCNN(
        side=36, outputs=9, channels=(50, 40), generators=[stream(s, "init") for s in (0, 1)]
    )
    for weight in wide.weights:
        bound = weight.shape[-1] ** -0.5
        assert weight.abs().max() <= bound
        assert weight.std().item() == pytest.approx(bound / 3**0.5, rel=0.04)
        assert not torch.equal(weight[0], weight[1])


@pytest.mark.parametrize("side", [0, 6, 13])
def test_a_side_that_the_stride_does_not_divide_is_refused(side):
    with pytest.raises(UsageError, match=f"side is {side}; it must be a multiple of 4"):
        network("c4", side)
