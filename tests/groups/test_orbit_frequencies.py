"""Products in all poses by frequencies, against turning the images one by one."""

import pytest
import torch

from invlib.errors import UsageError
from invlib.groups import flips, from_permutations, rotations, translations
from invlib.groups.orbit_frequencies import OrbitFrequencies

GROUPS = [
    rotations(6),
    rotations(5),  # the middle pixel is an orbit by itself
    rotations(4, 2),
    flips(5),
    translations(6),
    translations(8, 8),
    translations(6, 6, axis="y"),
]


@pytest.mark.parametrize("group", GROUPS, ids=str)
def test_products_are_those_with_each_turned_image(group):
    generator = torch.Generator().manual_seed(3)
    x = torch.randn(2, 7, group.pixels, generator=generator, dtype=torch.float64)
    W = torch.randn(2, 3, group.pixels, generator=generator, dtype=torch.float64)
    found = OrbitFrequencies(group)
    products = found.products(found.encode(x), W)
    element = 0
    for product in products:
        assert torch.allclose(product, group.act(x, element) @ W.mT, atol=1e-12)
        element = group.compose(group.generators[0], element)
    assert len(products) == group.order


def test_gradients_are_those_of_the_plain_products():
    group = rotations(4)
    x = torch.randn(5, group.pixels, dtype=torch.float64)
    W = torch.randn(3, group.pixels, dtype=torch.float64, requires_grad=True)
    found = OrbitFrequencies(group)
    fast = sum(product.relu().sum() for product in found.products(found.encode(x), W))
    plain = sum((group.act(x, k) @ W.mT).relu().sum() for k in range(group.order))
    (a,), (b,) = torch.autograd.grad(fast, W), torch.autograd.grad(plain, W)
    assert torch.allclose(a, b, atol=1e-12)


def test_a_group_with_two_generators_is_refused():
    square = from_permutations([[0, 1, 2, 3], [1, 0, 3, 2], [2, 3, 0, 1], [3, 2, 1, 0]])
    with pytest.raises(UsageError, match="cyclic"):
        OrbitFrequencies(square)
