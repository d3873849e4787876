"""What the primer states holds on its own draws, and its checks can fail."""

import numpy as np
import pytest
import torch

from invlib.studies.linear.primer_examples import Examples, _excess_over_eckart_young, show


def quiet(label, fraction):
    """No progress lines in tests."""


@pytest.fixture(scope="module")
def outcomes():
    return show(Examples(samples=2), [0, 1, 2], quiet)


def test_proposition_4_both_ways(outcomes):
    for outcome in outcomes:
        assert outcome.metrics["averaged_constraint"] < 1e-12
        assert outcome.metrics["averaged_change"] < 1e-12
        assert outcome.metrics["constraint_change"] < 1e-12
        assert outcome.metrics["nullity"] == 16  # orbits of four on 64 pixels


def test_arrays_are_the_orbit_and_the_truncations_of_one_image(outcomes):
    for outcome in outcomes:
        image, turned = (outcome.arrays["orbit"][k].reshape(8, 8) for k in (0, 1))
        np.testing.assert_array_equal(np.rot90(image), turned)
        best = outcome.arrays["low_rank"]
        np.testing.assert_allclose(best[-1], image, atol=1e-6)
        assert np.linalg.matrix_rank(best[1], tol=1e-5) <= 2
        dropped = np.square(outcome.arrays["singular_values"][2:]).sum()
        assert np.square(image - best[1]).sum() == pytest.approx(dropped, rel=1e-5, abs=1e-8)


def test_alternating_least_squares_reaches_the_truncation_and_not_below(outcomes):
    for outcome in outcomes:
        assert -1e-12 <= outcome.metrics["low_rank_excess"] < 1e-6


def test_a_wrong_bound_would_show():
    square = torch.randn(1, 5, 5, generator=torch.Generator().manual_seed(0)).double()
    too_large = 1.1 * torch.linalg.svdvals(square)
    assert _excess_over_eckart_young(square, too_large)[0] < -1e-3
