"""Training with accounts follows plain training, and its accounts explain ‖W_⊥‖²."""

import pytest
import torch

from invlib.errors import InvlibError
from invlib.groups import rotations
from invlib.methods.mean_squared_error import MeanSquaredError
from invlib.methods.split_error import EigenSplit, PixelSplit, invariance_error, target_error
from invlib.metrics import noninvariant_part
from invlib.training.attributed import Adam, GradientDescent
from invlib.training.ledger import Gradients, Weights, train_with_ledger
from invlib.training.seeds import stream

GROUP = rotations(4)


def problem(seeds=2):
    draw = {"dtype": torch.float64, "generator": stream(0, "ledger")}
    X, Y = torch.rand(seeds, 30, 16, **draw), torch.rand(seeds, 30, 3, **draw)
    return X, Y, torch.randn(seeds, 2, 16, **draw) / 4, torch.randn(seeds, 3, 2, **draw) / 2


def trained(rules, weights=None, epochs=200, split=PixelSplit, turn=False, every=1):
    X, Y, first, second = problem()
    parts = split.of(X, Y, GROUP)
    first = first @ parts.vectors if turn else first
    seen = []

    def observe(epoch, first, second, accounts):
        outside = noninvariant_part(first @ parts.vectors.mT if turn else first, GROUP)
        square = (second @ outside).square().sum((-2, -1))
        seen.append((first, second, accounts, square, outside.square().sum((-2, -1))))

    train_with_ledger(
        first, second, parts, rules, weights or Weights(),
        epochs=epochs, observe_every=every, observe=observe,
    )  # fmt: skip
    return seen


def descent(rate=0.05):
    return GradientDescent(rate), GradientDescent(rate)


@pytest.mark.parametrize("name", ["descent", "adam"])
def test_the_path_is_that_of_torch_on_augmented_images(name):
    X, Y, first, second = problem(seeds=1)
    rules, kind = {
        "descent": (descent(0.01), torch.optim.SGD),
        "adam": ((Adam(0.01), Adam(0.01)), torch.optim.Adam),
    }[name]
    found = trained(rules, epochs=50)[-1]
    first, second = (w[:1].clone().requires_grad_() for w in problem()[2:])
    X, Y = (part[:1] for part in problem()[:2])
    optimizer = kind([first, second], lr=0.01)
    for _ in range(50):
        optimizer.zero_grad()
        answers = GROUP.orbit(X) @ (second @ first).mT.unsqueeze(1)
        (answers - Y.unsqueeze(-2)).square().mean().backward()
        optimizer.step()
    torch.testing.assert_close(found[0][:1], first.detach(), rtol=1e-6, atol=1e-9)
    torch.testing.assert_close(found[1][:1], second.detach(), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("weights", [Weights(), Weights(target=0.5, invariance=3.0)], ids=repr)
def test_gradients_are_those_of_the_weighted_parts(weights):
    X, Y, first, second = problem()
    split = EigenSplit.of(X, Y, GROUP)
    first, second = first.requires_grad_(), second.requires_grad_()
    W = second @ first
    parts = (
        weights.target * target_error(split, W).sum(),
        weights.invariance * invariance_error(split, W).sum(),
        (W - split.average(W)).square().sum() / 2,
    )
    now = Gradients.at(first, second, split, weights)
    expected = [torch.autograd.grad(part, (first, second), retain_graph=True) for part in parts]
    for k in range(2):
        torch.testing.assert_close(now.of_first[k], expected[k][0])
        torch.testing.assert_close(now.of_second[k], expected[k][1])
    torch.testing.assert_close(now.through_first, expected[2][0])
    torch.testing.assert_close(now.through_second, expected[2][1])


def test_the_accounts_explain_the_change_better_the_smaller_the_step():
    unexplained = []
    for halvings in range(2):
        seen = trained(descent(0.05 / 2**halvings), epochs=100 * 2**halvings)
        change = seen[-1][3] - seen[0][3]
        unexplained.append((change - seen[-1][2].sum(0)).abs())
        assert (unexplained[-1] < 0.05 * change.abs()).all()
    assert (unexplained[0] / unexplained[1]).tolist() == pytest.approx([2, 2], rel=0.1)


def test_under_descent_the_first_layer_forgets_and_the_target_does_not_touch_it():
    seen = trained(descent())
    norms = torch.stack([s[4] for s in seen])
    assert (norms.diff(dim=0) < 0).all()
    assert seen[-1][2][2].abs().max() < 1e-12


def test_the_first_layer_forgets_at_four_times_the_invariance_error():
    X, Y, first, second = problem()
    split, rate = PixelSplit.of(X, Y, GROUP), 1e-5
    before, after = trained(descent(rate), epochs=1)[:2]
    speed = (after[4] - before[4]) / rate
    expected = -4 * invariance_error(split, second @ first)
    assert speed.tolist() == pytest.approx(expected.tolist(), rel=1e-3)


def test_adam_leaks_and_adam_with_shared_squares_does_not():
    X, Y, *_ = problem()
    share = PixelSplit.of(X, Y, GROUP).average
    leaking = trained((Adam(0.01), Adam(0.01)))[-1][2]
    tight = trained((Adam(0.01, share), Adam(0.01)))[-1][2]
    assert leaking[2].abs().min() > 1e-4
    assert tight[2].abs().max() < 1e-12


def test_descent_takes_the_same_path_in_eigenvectors():
    plain, turned = trained(descent()), trained(descent(), split=EigenSplit, turn=True)
    torch.testing.assert_close(plain[-1][3], turned[-1][3])
    torch.testing.assert_close(plain[-1][2], turned[-1][2])


def test_what_is_held_or_not_felt_has_no_account():
    held = trained(descent(), Weights(hold_second=True))
    assert held[-1][2][:2].abs().max() == 0
    torch.testing.assert_close(held[0][1], held[-1][1])
    assert (torch.stack([s[3] for s in held]).diff(dim=0) < 0).all()
    deaf = trained(descent(), Weights(feedback=False))
    assert deaf[-1][2][1].abs().max() == 0


def test_divergence_is_named():
    with pytest.raises(InvlibError, match="training diverged before epoch"):
        trained(descent(1e6), epochs=50)


def test_the_loss_splits_for_the_trained_map():
    X, Y, *_ = problem()
    first, second, *_ = trained(descent())[-1]
    split = PixelSplit.of(X, Y, GROUP)
    whole = MeanSquaredError().on_orbits(X, Y, GROUP).value(second @ first)
    parts = target_error(split, second @ first) + invariance_error(split, second @ first)
    torch.testing.assert_close(parts, whole)
