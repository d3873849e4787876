"""Group axioms and the representation, over random groups, images and elements."""

import itertools

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from invlib.groups import Group, flips, from_permutations, rotations, translations

FLOATS = (torch.float32, torch.float64, torch.bfloat16)
WHOLE = (torch.uint8, torch.int32, torch.int64, torch.bool)


def symmetric(points: int) -> Group:
    return from_permutations(itertools.permutations(range(points)))


def square_symmetries(side: int) -> Group:
    """All eight symmetries of the square: not commutative, so the order of a product shows."""
    turns = rotations(side).orbit(torch.arange(side * side))
    return from_permutations([*turns, *flips(side).act(turns, 1)], side)


groups = st.one_of(
    st.builds(rotations, st.integers(1, 6), st.sampled_from([2, 4])),
    st.builds(flips, st.integers(1, 6)),
    st.builds(
        lambda step, order, axis: translations(step * order, order, axis),
        st.integers(1, 2),
        st.integers(1, 4),
        st.sampled_from("xy"),
    ),
    st.builds(symmetric, st.integers(1, 4)),
    st.builds(square_symmetries, st.integers(2, 4)),
)


def images(draw, group: Group, dtypes=FLOATS + WHOLE) -> torch.Tensor:
    shape = draw(st.lists(st.integers(0, 3), max_size=3))
    generator = torch.Generator().manual_seed(draw(st.integers(0, 99)))
    x = 100 * torch.rand(*shape, group.pixels, generator=generator)
    return x.to(draw(st.sampled_from(dtypes)))


def element(draw, group: Group) -> int:
    return draw(st.integers(0, group.order - 1))


@settings(deadline=None)
@given(st.data(), groups)
def test_axioms(data, group):
    x = images(data.draw, group)
    i, j, k = (element(data.draw, group) for _ in range(3))
    assert group.act(x, 0).equal(x)
    assert group.act(group.act(x, k), j).equal(group.act(x, group.compose(j, k)))
    assert group.compose(i, group.compose(j, k)) == group.compose(group.compose(i, j), k)
    assert group.compose(group.inverse(k), k) == group.compose(k, group.inverse(k)) == 0
    assert group.act(group.act(x, k), group.inverse(k)).equal(x)
    assert group.act(x, k).dtype == x.dtype


@settings(deadline=None)
@given(st.data(), groups)
def test_one_element_per_image(data, group):
    x = images(data.draw, group)
    generator = torch.Generator().manual_seed(data.draw(st.integers(0, 99)))
    whole = data.draw(st.sampled_from([torch.int32, torch.int64]))
    k = torch.randint(group.order, x.shape[:-1], generator=generator).to(whole)
    moved = group.act(x, k)
    for at in itertools.product(*map(range, k.shape)):
        assert moved[at].equal(group.act(x[at], int(k[at])))
    assert group.act(moved, group.inverse(k)).equal(x)
    assert group.act(moved, k).equal(group.act(x, group.compose(k, k)))


@settings(deadline=None)
@given(st.data(), groups)
def test_orbit(data, group):
    x = images(data.draw, group)
    orbit = group.orbit(x)
    assert orbit.shape == (*x.shape[:-1], group.order, group.pixels)
    for k in range(group.order):
        assert orbit[..., k, :].equal(group.act(x, k))


@settings(deadline=None)
@given(st.data(), groups)
def test_matrices_are_an_orthogonal_homomorphism(data, group):
    x = images(data.draw, group, (torch.float64,))
    j, k = element(data.draw, group), element(data.draw, group)
    rho = group.matrices()
    assert (x @ rho[k].mT).equal(group.act(x, k))
    assert (rho[k] @ rho[k].mT).equal(torch.eye(group.pixels, dtype=torch.float64))
    assert rho[group.compose(j, k)].equal(rho[j] @ rho[k])
    assert group.matrices(torch.float32).dtype == torch.float32


@settings(deadline=None)
@given(groups)
def test_invariant_images(group):
    """Four descriptions of the invariant images agree: average, orbits, constraint, action."""
    average, basis, constraint = group.reynolds(), group.orbit_basis(), group.constraint()
    eye = torch.eye(basis.shape[1], dtype=torch.float64)
    torch.testing.assert_close(average, group.matrices().mean(0))
    torch.testing.assert_close(basis.mT @ basis, eye)
    torch.testing.assert_close(basis @ basis.mT, average)
    assert all(group.act(basis.mT, k).equal(basis.mT) for k in range(group.order))
    assert not (basis.mT @ constraint).any()
    rank = torch.linalg.matrix_rank(constraint) if constraint.numel() else 0
    assert rank == group.pixels - basis.shape[1]


@settings(deadline=None)
@given(groups)
def test_generators_generate(group):
    reached = {0}
    for _ in range(group.order):
        reached |= {group.compose(g, k) for g in group.generators for k in reached}
    assert reached == set(range(group.order))
    assert len(group.generators) <= 3


def test_cyclic_groups_have_one_generator():
    assert rotations(4).generators == translations(6).generators == flips(3).generators == (1,)
    assert translations(4, 1).generators == ()
    assert len(square_symmetries(3).generators) == 2


@settings(deadline=None)
@given(st.data(), groups)
def test_gradient_is_the_inverse_action(data, group):
    """The derivative of ⟨v, ρ(k) x⟩ in x is ρ(k)⁻¹ v."""
    x = images(data.draw, group, (torch.float64,)).requires_grad_()
    v = x.detach().flip(-1)
    k = element(data.draw, group)
    (group.act(x, k) * v).sum().backward()
    assert x.grad.equal(group.act(v, group.inverse(k)))
    per_image = torch.full(x.shape[:-1], k)
    x.grad = None
    (group.act(x, per_image) * v).sum().backward()
    assert x.grad.equal(group.act(v, group.inverse(k)))


def test_images_that_are_views():
    """Broadcast and transposed images are moved like their copies."""
    group = rotations(3)
    x = torch.arange(36.0).view(9, 4).mT
    assert group.act(x, 1).equal(group.act(x.contiguous(), 1))
    shared = torch.arange(9.0).expand(2, 9)
    k = torch.tensor([1, 3])
    assert group.act(shared, k).equal(torch.stack([group.act(shared[0], i) for i in (1, 3)]))


def test_the_action_stays_on_the_device_of_the_images():
    """On torch's shape-only device: nothing moves to where the group was made, or looks at k."""
    group, x = rotations(3), torch.zeros(5, 9, device="meta")
    k = torch.zeros(5, dtype=torch.int64, device="meta")
    for moved in (group.act(x, 1), group.act(x, k), group.act(x, group.inverse(k))):
        assert moved.device == x.device
    assert group.orbit(x).device == x.device
