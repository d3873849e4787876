"""Alternating least squares: it never goes up, and it ends where both layers are solved for."""

from itertools import pairwise

import pytest
import torch

from invlib.methods.mean_squared_error import MeanSquaredError, Quadratic
from invlib.training.alternating import alternate
from invlib.training.seeds import stream


def problem(seeds: int = 2, pixels: int = 8, classes: int = 5) -> Quadratic:
    X = torch.randn(seeds, 30, pixels, generator=stream(0, "X"), dtype=torch.float64)
    Y = torch.randn(seeds, 30, classes, generator=stream(0, "Y"), dtype=torch.float64)
    return MeanSquaredError().on(X, Y)


def starts(rank: int, seeds: int = 2, count: int = 3, classes: int = 5) -> torch.Tensor:
    generator = stream(0, "starts")
    return torch.randn(seeds, count, classes, rank, generator=generator, dtype=torch.float64)


def losses(objective: Quadratic, W: torch.Tensor) -> torch.Tensor:
    return torch.stack([objective.value(w) for w in W.unbind(1)], 1)


def test_no_sweep_goes_up_and_some_go_down():
    objective, second = problem(), starts(2)
    found = [losses(objective, alternate(objective, second, sweeps=n)) for n in (1, 2, 5, 20, 80)]
    for before, after in pairwise(found):
        assert (after <= before * (1 + 1e-12)).all()
    assert (found[-1] < found[0] * 0.999).all()


@pytest.mark.parametrize("rank", [1, 3, 5])
def test_it_ends_where_the_gradient_of_both_layers_is_zero(rank):
    objective = problem()
    W = alternate(objective, starts(rank), sweeps=400)
    assert torch.linalg.matrix_rank(W, rtol=1e-9).max() <= rank
    for w in W.unbind(1):
        U, _, Vt = torch.linalg.svd(w, full_matrices=False)
        gradient = objective.gradient(w)
        assert (gradient @ Vt[:, :rank].mT).abs().max() < 1e-7
        assert (U[..., :rank].mT @ gradient).abs().max() < 1e-7


def test_starts_and_seeds_do_not_touch_each_other():
    objective, second = problem(), starts(2)
    together = alternate(objective, second, sweeps=10)
    alone = alternate(objective, second[:, 1:2], sweeps=10)
    torch.testing.assert_close(together[:, 1:2], alone)


def test_inputs_without_data_get_no_weight():
    X = torch.randn(1, 30, 6, generator=stream(0, "X"), dtype=torch.float64)
    X[..., 2] = 0
    Y = torch.randn(1, 30, 5, generator=stream(0, "Y"), dtype=torch.float64)
    W = alternate(MeanSquaredError().on(X, Y), starts(2, seeds=1), sweeps=20)
    assert W.isfinite().all()
    assert not W[..., 2].abs().max() > 1e-12
