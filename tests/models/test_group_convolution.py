"""Group convolutions against the definition, against torch.rot90, and against escnn."""

import importlib
import itertools
import sys
from types import ModuleType

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.functional import conv2d

from invlib.groups import rotations
from invlib.models.group_convolution import lifting_kernels, regular_kernels
from invlib.training.seeds import stream


def random(*shape, seed=0):
    return torch.randn(*shape, generator=stream(seed, "numbers"), dtype=torch.float64)


def square(kernels):
    return kernels.unflatten(-1, (round(kernels.shape[-1] ** 0.5), -1))


def convolved(maps, kernels, **options):
    """The planes [n, out, order, side, side] of maps [n, planes, side, side]."""
    out, order = kernels.shape[:2]
    weight = square(kernels.flatten(0, 1).flatten(1, -2))
    return conv2d(maps, weight, **options).unflatten(1, (out, order))


def test_copies_are_the_rotated_kernels_written_out_one_by_one():
    lifting, regular = random(3, 2, 9), random(3, 2, 4, 9, seed=1)
    lifted, tied = lifting_kernels(lifting, rotations(3)), regular_kernels(regular, rotations(3))
    assert lifted.shape == (3, 4, 2, 9)
    assert tied.shape == (3, 4, 2, 4, 9)
    for o, r, i in itertools.product(range(3), range(4), range(2)):
        by_hand = square(lifting[o, i]).rot90(r)
        assert torch.equal(square(lifted[o, r, i]), by_hand)
        for s in range(4):
            by_hand = square(regular[o, i, (s - r) % 4]).rot90(r)
            assert torch.equal(square(tied[o, r, i, s]), by_hand)


@settings(deadline=None, max_examples=12)
@given(
    order=st.sampled_from([2, 4]),
    size=st.integers(1, 4),
    steps=st.integers(2, 5),
    seed=st.integers(0, 99),
)
def test_layers_are_equivariant(order, size, steps, seed):
    stride = max(1, size - 1)
    side = size + stride * (steps - 1)  # so that the places of the kernel are symmetric
    group = rotations(size, order)
    x = random(2, 3, side, side, seed=seed)
    kernels = lifting_kernels(random(2, 3, size * size, seed=seed), group)
    found = convolved(x.rot90(4 // order, (-2, -1)), kernels, stride=stride)
    expected = convolved(x, kernels, stride=stride)
    torch.testing.assert_close(found, expected.rot90(4 // order, (-2, -1)).roll(1, -3))

    maps = random(2, 3, order, side, side, seed=seed)
    kernels = regular_kernels(random(2, 3, order, size * size, seed=seed), group)
    moved = maps.rot90(4 // order, (-2, -1)).roll(1, -3)
    found = convolved(moved.flatten(1, 2), kernels, stride=stride)
    expected = convolved(maps.flatten(1, 2), kernels, stride=stride)
    torch.testing.assert_close(found, expected.rot90(4 // order, (-2, -1)).roll(1, -3))


def test_planes_in_another_order_are_not_equivariant():
    """The test above can fail: tie the kernels without permuting the planes."""
    maps = random(1, 1, 4, 5, 5)
    weights = random(1, 1, 4, 9)
    wrong = rotations(3).orbit(weights).movedim(-2, -4)
    moved = convolved(maps.rot90(1, (-2, -1)).roll(1, -3).flatten(1, 2), wrong)
    still = convolved(maps.flatten(1, 2), wrong)
    assert not torch.allclose(moved, still.rot90(1, (-2, -1)).roll(1, -3))


@pytest.fixture
def escnn(monkeypatch):
    """The library; what it imports for rotations in space, which do not concern us, stands in."""
    for name in ("lie_learn", "lie_learn.representations", "lie_learn.representations.SO3"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    wigner = ModuleType("lie_learn.representations.SO3.wigner_d")
    wigner.wigner_D_matrix = None
    monkeypatch.setitem(sys.modules, wigner.__name__, wigner)
    reason = "pip install --no-deps -r tests/oracles.txt"
    found = pytest.importorskip("escnn", reason=f"escnn is not installed: {reason}")
    for part in ("gspaces", "nn"):
        importlib.import_module(f"escnn.{part}")
    return found


@pytest.mark.parametrize("size", [3, 4, 6])
def test_kernels_of_escnn_are_tied_as_ours(escnn, size):
    """escnn expands its kernels from another basis; what it arrives at is tied just so."""
    turns = escnn.gspaces.rot2dOnR2(4)
    image = escnn.nn.FieldType(turns, 2 * [turns.trivial_repr])
    maps = escnn.nn.FieldType(turns, 2 * [turns.regular_repr])
    more = escnn.nn.FieldType(turns, 3 * [turns.regular_repr])
    group = rotations(size)

    theirs, _ = escnn.nn.R2Conv(image, maps, size, bias=False).expand_parameters()
    theirs = theirs.detach().flatten(-2).unflatten(0, (2, 4))  # [out, r, in, k·k]
    torch.testing.assert_close(lifting_kernels(theirs[:, 0], group), theirs)

    theirs, _ = escnn.nn.R2Conv(maps, more, size, bias=False).expand_parameters()
    theirs = theirs.detach().flatten(-2).unflatten(1, (2, 4)).unflatten(0, (3, 4))
    torch.testing.assert_close(regular_kernels(theirs[:, 0], group), theirs)
