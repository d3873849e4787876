"""Groups of matrices: laws, refusals by name, change of coordinates, lattices and turns."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from invlib.errors import UsageError
from invlib.groups import flips, rotations, translations
from invlib.groups.interpolated import interpolated_turns
from invlib.groups.lattice import LATTICE, SHEAR, lattice, monomials, on_monomials, torus_shear
from invlib.groups.representation import Representation, of_group, powers


def normal(seed: int, *shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


REPRESENTATIONS = {
    "turns": of_group(rotations(3)),
    "shifts": of_group(translations(3)),
    "torus shear": torus_shear(3),
    **{f"lattice {order}": lattice(order, 3) for order in LATTICE},
    "other coordinates": lattice(6, 3).conjugate(normal(0, 10, 10)),
}


@pytest.mark.parametrize("name", REPRESENTATIONS)
def test_it_is_a_homomorphism_with_inverses(name):
    group = REPRESENTATIONS[name]
    rho = group.matrices()
    close = {"rtol": 0, "atol": 1e-10 * float(rho.abs().max()) ** 2}
    for j in range(group.order):
        torch.testing.assert_close(rho[j] @ rho[group.inverse(j)], rho[0], **close)
        for k in range(group.order):
            torch.testing.assert_close(rho[j] @ rho[k], rho[group.compose(j, k)], **close)


@pytest.mark.parametrize("name", REPRESENTATIONS)
def test_averages_and_invariants(name):
    group = REPRESENTATIONS[name]
    average, rows, form = group.reynolds(), group.invariant_rows(), group.invariant_form()
    torch.testing.assert_close(average @ average, average, rtol=1e-9, atol=1e-9)
    assert rows.shape == (group.invariants(), group.dimension)
    assert group.invariants() == torch.linalg.matrix_rank(average, rtol=1e-9)
    torch.testing.assert_close(rows @ rows.mT, torch.eye(len(rows), dtype=torch.float64))
    assert (rows @ group.constraint()).abs().max() < 1e-9
    for matrix in group.matrices():
        torch.testing.assert_close(matrix @ form @ matrix.mT, form, rtol=1e-9, atol=1e-9)


def test_orbits_and_actions_are_those_of_the_pixel_group():
    pixels, group = rotations(3), of_group(rotations(3))
    x = normal(1, 2, 9)
    torch.testing.assert_close(group.orbit(x), pixels.orbit(x))
    torch.testing.assert_close(group.act(x, 3), pixels.act(x, 3))
    torch.testing.assert_close(group.reynolds(), pixels.reynolds())
    assert group.departure_from_orthogonal() == 0


@settings(deadline=None, max_examples=20)
@given(st.permutations(range(4)), st.integers(0, 2**20))
def test_the_identity_moves_to_the_front(order, seed):
    conjugated = of_group(rotations(2)).conjugate(normal(seed, 4, 4) + 3 * torch.eye(4))
    group = Representation(conjugated.matrices()[list(order)])
    torch.testing.assert_close(group.matrices()[0], torch.eye(4, dtype=torch.float64))
    assert group.order == 4


@settings(deadline=None, max_examples=20)
@given(st.sampled_from([3, 4, 6]), st.integers(1, 5), st.integers(0, 2**20))
def test_lattices_act_on_monomials_as_on_points(order, degree, seed):
    points = normal(seed, 7, 2)
    matrix = torch.tensor(LATTICE[order], dtype=torch.float64)
    moved = monomials(points @ matrix.mT, degree)
    wanted = monomials(points, degree) @ on_monomials(LATTICE[order], degree).mT
    torch.testing.assert_close(moved, wanted, rtol=1e-9, atol=1e-9)
    assert lattice(order, degree).order == order
    assert lattice(order, max(degree, 2)).departure_from_orthogonal() > 0.5


def test_lattice_matrices_are_shears_and_quarter_turns():
    turn, shear = np.array([[0, -1], [1, 0]]), np.array(SHEAR)
    back = np.array([[1, -1], [0, 1]])
    np.testing.assert_array_equal(LATTICE[6], turn @ shear)
    np.testing.assert_array_equal(LATTICE[3], turn @ back)
    np.testing.assert_array_equal(LATTICE[4], shear @ turn @ back)


def test_shears_of_the_torus_move_pixels():
    group = torus_shear(4)
    assert group.order == 4
    assert group.departure_from_orthogonal() == 0
    image = torch.arange(16.0, dtype=torch.float64).view(4, 4)
    sheared = group.act(image.flatten(), 1).view(4, 4)
    for y in range(4):
        assert sheared[y].tolist() == np.roll(image[y], y).tolist()


@pytest.mark.parametrize(
    ("matrices", "words"),
    [
        (torch.eye(2), "must be a tensor of square matrices"),
        (torch.zeros(1, 2, 3), r"shape \[1, 2, 3\]"),
        (torch.full((1, 2, 2), torch.nan), "finite real"),
        (torch.stack([torch.eye(2), torch.ones(2, 2)]), "element 1 is singular"),
        (rotations(2).matrices()[:3], "not a group: the product of elements . and . is not"),
        (rotations(2).matrices()[1:], "identity is missing"),
        (rotations(2).matrices()[[0, 0]], "distinct"),
        (interpolated_turns(4, 8), "element 1 is singular"),
        (of_group(rotations(2)).matrices() * 1.001, "identity is missing"),
        (torch.stack([torch.eye(2), 2 * torch.eye(2)]), "not a group: the product"),
    ],
)
def test_what_is_not_a_group_is_refused_by_name(matrices, words):
    with pytest.raises(UsageError, match=words):
        Representation(matrices)


def test_other_refusals():
    with pytest.raises(UsageError, match="no finite order"):
        powers(torch.tensor(SHEAR))
    with pytest.raises(UsageError, match="T is 2x2"):
        of_group(flips(2)).conjugate(torch.eye(2))
    with pytest.raises(UsageError, match="T is not invertible"):
        of_group(flips(2)).conjugate(torch.ones(4, 4))
    with pytest.raises(UsageError, match="order is 5"):
        lattice(5, 2)


@pytest.mark.parametrize("side", [3, 4, 8])
def test_interpolated_quarter_turns_are_exact(side):
    turns = interpolated_turns(side, 8)[::2]
    exact = rotations(side).matrices()
    either_way = [(turns - exact[order]).abs().max() for order in ([0, 1, 2, 3], [0, 3, 2, 1])]
    assert min(either_way) < 1e-12
    # a turn by 45 degrees loses what leaves the image, and is no permutation
    eighth = interpolated_turns(side, 8)[1]
    assert (eighth @ eighth.mT - torch.eye(side * side)).abs().max() > 0.1
