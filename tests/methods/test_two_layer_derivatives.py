"""Gradient and Hessian of the two-layer network against autograd, and the seeds kept apart."""

import pytest
import torch
from torch.autograd.functional import hessian

from invlib.methods.two_layer_derivatives import ON_LOGITS, TwoLayerObjective
from invlib.training.seeds import stream


def problem(loss, hidden, seeds=2, n=12, inputs=3, classes=4):
    def draw(*shape, purpose):
        return torch.randn(*shape, generator=stream(0, purpose), dtype=torch.float64)

    Y = draw(seeds, n, classes, purpose="Y")
    if loss == "cross_entropy":
        Y = torch.nn.functional.one_hot(Y.argmax(-1), classes).double()
    root = draw(seeds, inputs, inputs, purpose="P")
    objective = TwoLayerObjective(
        draw(seeds, n, inputs, purpose="X"), Y, root @ root.mT, hidden, loss
    )
    return objective, draw(seeds, 2, hidden * (inputs + classes), purpose="theta")


def plain(objective, theta, seed):
    """The same function of one network's weights, by torch's own losses."""
    first, second = objective.layers(theta)
    W, X, Y = second @ first, objective.X[seed], objective.Y[seed]
    if objective.loss == "mse":
        error = torch.nn.functional.mse_loss(X @ W.T, Y)
    else:
        error = torch.nn.functional.cross_entropy(X @ W.T, Y.argmax(-1))
    return error + ((W @ objective.penalty[seed]) * W).sum()


@pytest.mark.parametrize("hidden", [1, 2, 5])
@pytest.mark.parametrize("loss", ON_LOGITS)
def test_value_gradient_and_hessian_are_those_of_autograd(loss, hidden):
    objective, theta = problem(loss, hidden)
    value, gradient = objective.value_and_gradient(theta)
    found = objective.hessian(theta)
    for seed in range(2):
        for start in range(2):
            weights = theta[seed, start].clone().requires_grad_()
            expected = plain(objective, weights, seed)
            torch.testing.assert_close(value[seed, start], expected.detach())
            (slope,) = torch.autograd.grad(expected, weights)
            torch.testing.assert_close(gradient[seed, start], slope)
            curvature = hessian(lambda w, s=seed: plain(objective, w, s), theta[seed, start])
            torch.testing.assert_close(found[seed, start], curvature)


def test_a_choice_of_seeds_is_those_seeds():
    objective, theta = problem("cross_entropy", 2)
    again = objective.of_seeds(torch.tensor([1, 0, 1]))
    value, _ = again.value_and_gradient(theta[[1, 0, 1]])
    torch.testing.assert_close(value, objective.value_and_gradient(theta)[0][[1, 0, 1]])


def test_layers_and_flat_undo_each_other():
    objective, theta = problem("mse", 3)
    torch.testing.assert_close(objective.flat(*objective.layers(theta)), theta)
