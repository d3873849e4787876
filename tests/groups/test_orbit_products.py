"""Products with all poses of images by frequency are the products with the posed images."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from invlib.errors import UsageError
from invlib.groups import flips, from_permutations, rotations, translations
from invlib.groups.orbit_products import OrbitProducts

GROUPS = [
    rotations(4),
    rotations(5),  # a pixel in the middle that stays
    rotations(4, order=2),
    translations(6, order=3),
    translations(5, order=5),
    translations(6, order=6),
    flips(3),
    from_permutations([[0, 1, 2]]),  # the identity alone
]


def draw(*shape: int, seed: int = 0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def posed_products(X, W, group, elements):
    return torch.stack([W @ group.act(X, k).mT for k in elements], -2)


@settings(deadline=None, max_examples=20)
@given(group=st.sampled_from(GROUPS), seed=st.integers(0, 10**6), seeds=st.integers(0, 2))
def test_products_are_those_with_every_posed_image(group, seed, seeds):
    lead = (seeds,) if seeds else ()
    X, W = draw(*lead, 7, group.pixels, seed=seed), draw(*lead, 3, group.pixels, seed=seed + 1)
    inputs = OrbitProducts(X, group)
    assert sorted(inputs.elements) == list(range(group.order))
    torch.testing.assert_close(inputs.products(W), posed_products(X, W, group, inputs.elements))


@pytest.mark.parametrize("group", GROUPS, ids=repr)
def test_the_adjoint_is_the_gradient_of_the_products(group):
    X, W = draw(2, 7, group.pixels), draw(2, 3, group.pixels, seed=1).requires_grad_()
    inputs = OrbitProducts(X, group)
    dZ = draw(2, 3, group.order, 7, seed=2)
    (posed_products(X, W, group, inputs.elements) * dZ).sum().backward()
    torch.testing.assert_close(inputs.adjoint(dZ), W.grad)
    again = W.detach().clone().requires_grad_()
    (inputs(again) * dZ).sum().backward()
    torch.testing.assert_close(again.grad, W.grad)


def test_a_group_that_is_not_cyclic_is_refused_by_name():
    both = from_permutations([[0, 1, 2, 3], [1, 0, 3, 2], [2, 3, 0, 1], [3, 2, 1, 0]])
    with pytest.raises(UsageError, match="permutations has several generators"):
        OrbitProducts(draw(2, 4), both)
