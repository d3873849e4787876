"""The mean over an orbit is invariant, and leaves an invariant function as it is."""

import pytest
import torch

from invlib.groups import rotations, translations
from invlib.models.orbit_average import orbit_average


@pytest.mark.parametrize("group", [rotations(6), translations(6)])
def test_it_is_invariant_whatever_the_model(group):
    generator = torch.Generator().manual_seed(0)
    x, W = (torch.randn(5, 36, generator=generator, dtype=torch.float64) for _ in range(2))

    def model(z):
        return (z @ W.mT).relu().square()

    averaged = orbit_average(model, group)
    for k in range(group.order):
        torch.testing.assert_close(averaged(group.act(x, k)), averaged(x))
    assert not torch.allclose(model(group.act(x, 1)), model(x))
    by_matrices = torch.stack([model(x @ rho.mT) for rho in group.matrices()]).mean(0)
    torch.testing.assert_close(averaged(x), by_matrices)
    torch.testing.assert_close(orbit_average(averaged, group)(x), averaged(x))
