"""The invariant part of a linear map, against the averaging matrix of the group."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from invlib.errors import InvlibError, UsageError
from invlib.groups import flips, rotations, translations
from invlib.metrics import invariant_proportion, noninvariant_part

groups = st.sampled_from([rotations(4), rotations(3, 2), translations(6), flips(5)])


@settings(deadline=None)
@given(groups, st.lists(st.integers(1, 3), max_size=2), st.integers(0, 99))
def test_orthogonal_parts(group, batch, seed):
    generator = torch.Generator().manual_seed(seed)
    W = torch.randn(*batch, 5, group.pixels, generator=generator, dtype=torch.float64)
    part = noninvariant_part(W, group)
    eye = torch.eye(group.pixels, dtype=torch.float64)
    torch.testing.assert_close(part, W @ (eye - group.matrices().mean(0)))
    torch.testing.assert_close(noninvariant_part(part, group), part)
    assert ((W - part) @ group.constraint()).abs().max() < 1e-13
    proportion = invariant_proportion(W, group)
    assert proportion.shape == tuple(batch)
    left = part.square().sum((-2, -1)) / W.square().sum((-2, -1))
    torch.testing.assert_close(proportion, 1 - left)


def test_extremes():
    group = rotations(4)
    invariant = group.orbit_basis().mT
    assert not noninvariant_part(invariant, group).any()
    assert invariant_proportion(invariant, group) == 1
    assert invariant_proportion(group.constraint().mT, group) < 1e-30


def test_random_maps_are_invariant_in_proportion_to_the_orbits():
    """Paper linear, Fig. 4: training starts at 49/196, the orbits over the pixels."""
    W = torch.randn(2000, 9, 196, generator=torch.Generator().manual_seed(0))
    assert invariant_proportion(W, rotations(14)).mean() == pytest.approx(0.25, abs=0.002)


def test_refusals():
    with pytest.raises(InvlibError, match="a map W is zero"):
        invariant_proportion(torch.zeros(2, 3, 4), rotations(2))
    with pytest.raises(UsageError, match="last dimension must be 4"):
        noninvariant_part(torch.zeros(3, 5), rotations(2))
    with pytest.raises(UsageError, match=r"W is torch\.int64"):
        noninvariant_part(torch.zeros(3, 4).long(), rotations(2))
    with pytest.raises(UsageError, match=r"W is torch.float32 \[4\]"):
        invariant_proportion(torch.zeros(4), rotations(2))
