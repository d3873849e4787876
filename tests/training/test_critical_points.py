"""The search finds what closed forms know: all critical points of squared error, none other."""

from itertools import combinations

import pytest
import torch

from invlib.methods.two_layer_derivatives import TwoLayerObjective
from invlib.training.critical_points import find_critical_points
from invlib.training.seeds import stream

INPUTS, CLASSES, HIDDEN, STARTS = 4, 3, 2, 40


@pytest.fixture(scope="module")
def searched():
    def draw(*shape, purpose):
        return torch.randn(*shape, generator=stream(1, purpose), dtype=torch.float64)

    X = draw(1, 30, INPUTS, purpose="X")
    X = torch.linalg.qr(X).Q * 30**0.5  # variance one in every direction
    Y = draw(1, 30, CLASSES, purpose="Y")
    objective = TwoLayerObjective(X, Y, torch.zeros(1, INPUTS, INPUTS).double(), HIDDEN, "mse")
    start = draw(1, STARTS, HIDDEN * (INPUTS + CLASSES), purpose="theta") / 3
    index = torch.arange(STARTS) % 6
    theta, norms = find_critical_points(objective, start, index, tolerance=1e-13, steps=80)
    return objective, theta[0, norms[0] < 1e-13], index[norms[0] < 1e-13], norms[0]


def closed_form_losses(objective, sizes):
    """‖Y‖² minus the kept singular values of Z, squared (Trager et al., Thm. 28), over the mean."""
    X, Y = objective.X[0], objective.Y[0]
    values = torch.linalg.svdvals(Y.T @ X) / len(X) ** 0.5
    return [
        (Y.square().sum() - sum(values[i] ** 2 for i in kept)).item() / Y.numel()
        for size in sizes
        for kept in combinations(range(CLASSES), size)
    ]


def test_every_point_found_is_one_that_the_closed_form_knows(searched):
    objective, theta, _, norms = searched
    assert (norms < 1e-13).float().mean() > 0.7
    loss, gradient = objective.value_and_gradient(theta[None])
    assert gradient.abs().max() < 1e-12
    known = torch.tensor(closed_form_losses(objective, (0, 1, 2)), dtype=torch.float64)
    assert (loss[0, :, None] - known).abs().amin(-1).max() < 1e-10


def test_every_point_of_full_rank_is_found(searched):
    objective, theta, _, _ = searched
    loss = objective.value_and_gradient(theta[None])[0][0]
    for known in closed_form_losses(objective, (HIDDEN,)):
        assert (loss - known).abs().min() < 1e-10


def test_index_zero_ends_at_the_minimum(searched):
    objective, theta, index, _ = searched
    loss = objective.value_and_gradient(theta[None])[0][0]
    lowest = min(closed_form_losses(objective, (HIDDEN,)))
    assert (loss[index == 0] - lowest).abs().max() < 1e-10


def test_what_has_not_come_to_rest_says_so(searched):
    objective, theta, _, _ = searched
    start = theta[None, :2] + 0.5
    moved, norms = find_critical_points(
        objective, start, torch.zeros(2).long(), tolerance=1e-13, steps=1
    )
    assert (norms > 1e-13).all()
    torch.testing.assert_close(
        objective.value_and_gradient(moved)[1].norm(dim=-1), norms, rtol=1e-12, atol=0
    )
    still, _ = find_critical_points(
        objective, theta[None, :2], torch.zeros(2).long(), tolerance=1e-12, steps=5
    )
    torch.testing.assert_close(still, theta[None, :2], rtol=0, atol=0)
