"""First and second derivatives in the layers against autograd, and the gradient along a rank."""

import pytest
import torch

from invlib.metrics.factorized import (
    balanced_factors,
    factor_gradient,
    factor_hessian,
    signs,
    tangent_gradient,
)

OUT, HIDDEN, IN = 4, 2, 5


def normal(seed: int, *shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@pytest.fixture
def quadratic():
    """The loss tr(W A Wᵀ) − 2 tr(W Bᵀ): A, and its gradient in W."""
    root, cross = normal(0, IN, IN), normal(1, OUT, IN)
    moment = root @ root.mT
    return moment, cross


def split(parameters):
    return parameters[: OUT * HIDDEN].view(OUT, HIDDEN), parameters[OUT * HIDDEN :].view(HIDDEN, IN)


def test_derivatives_are_those_of_autograd(quadratic):
    moment, cross = quadratic

    def loss(parameters):
        second, first = split(parameters)
        W = second @ first
        return ((W @ moment - 2 * cross) * W).sum()

    parameters = normal(2, (OUT + IN) * HIDDEN)
    second, first = split(parameters)
    gradient = 2 * (second @ first @ moment - cross)
    (wanted,) = torch.autograd.grad(loss(parameters.requires_grad_()), parameters)
    torch.testing.assert_close(factor_gradient(gradient, second, first), wanted)
    wanted = torch.autograd.functional.hessian(loss, parameters)
    torch.testing.assert_close(factor_hessian(moment, gradient, second, first), wanted)


def test_a_batch_is_its_members(quadratic):
    moment, cross = quadratic
    second, first = normal(3, 6, OUT, HIDDEN), normal(4, 6, HIDDEN, IN)
    gradient = 2 * (second @ first @ moment - cross)
    together = factor_hessian(moment, gradient, second, first)
    for k in range(6):
        alone = factor_hessian(moment, gradient[k], second[k], first[k])
        torch.testing.assert_close(together[k], alone)


def test_the_tangent_gradient_is_the_projection_on_moves_that_keep_the_rank():
    """Moves X W₁ + W₂ Y: numpy's least squares over them leaves the same part."""
    second, first, gradient = normal(5, OUT, HIDDEN), normal(6, HIDDEN, IN), normal(7, OUT, IN)
    units = torch.eye(OUT * HIDDEN).double().view(-1, OUT, HIDDEN)
    others = torch.eye(HIDDEN * IN).double().view(-1, HIDDEN, IN)
    moves = [unit @ first for unit in units] + [second @ unit for unit in others]
    A = torch.stack(moves).flatten(1).mT
    U, s, _ = torch.linalg.svd(A, full_matrices=False)
    U = U[:, s > 1e-10 * s[0]]
    assert U.shape[1] == HIDDEN * (OUT + IN - HIDDEN)
    expected = (U @ (U.mT @ gradient.flatten())).view(OUT, IN)
    torch.testing.assert_close(tangent_gradient(gradient, second @ first, HIDDEN), expected)


def test_balanced_factors():
    W = normal(8, 3, OUT, HIDDEN) @ normal(9, 3, HIDDEN, IN)
    second, first = balanced_factors(W, HIDDEN)
    torch.testing.assert_close(second @ first, W)
    torch.testing.assert_close(second.mT @ second, first @ first.mT)


def test_unused_units_are_exactly_zero():
    W = normal(10, OUT, 1) @ normal(11, 1, IN)
    second, first = balanced_factors(W, HIDDEN)
    torch.testing.assert_close(second @ first, W)
    assert not second[:, 1].any()
    assert not first[1].any()
    second, first = balanced_factors(torch.zeros(OUT, IN), HIDDEN)
    assert not second.any()


def test_signs():
    hessian = torch.diag(torch.tensor([-2.0, -1e-12, 0.0, 1e-3, 5.0])).double()
    down, flat = signs(hessian)
    assert (int(down), int(flat)) == (1, 2)
