"""The checks behind the exercises of linear/primer."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from invlib.exercises.verdict import Answer, attempted
from invlib.groups import Group


def check_constraint(attempt: Callable[[Tensor], Tensor], group: Group) -> Answer:
    """Whether `attempt(rho)` is a G such that W G = 0 exactly for the maps W with W ρ = W."""
    rho = group.matrices()[1]
    G, wrong = attempted(attempt, rho)
    if wrong is not None:
        return wrong
    if not isinstance(G, Tensor) or G.shape != rho.shape:
        return Answer(f"G should be a matrix of shape {tuple(rho.shape)}, like ρ(g).")
    W = torch.randn(3, group.pixels, generator=_generator(), dtype=rho.dtype)
    averaged = torch.stack([W @ power for power in group.matrices()]).mean(0)
    if not torch.allclose(averaged @ G, torch.zeros_like(W), atol=1e-8):
        return Answer("W G is not zero for a W that no turn changes.")
    if torch.linalg.matrix_rank(G) < torch.linalg.matrix_rank(rho - torch.eye(len(rho)).to(rho)):
        return Answer("W G is zero for some W that a turn does change.")
    return Answer()


def check_two_matrices(attempt: Callable[[], Sequence]) -> Answer:
    """Whether both 2x2 matrices have rank at most one, and their midpoint has rank two."""
    found, wrong = attempted(lambda: [torch.tensor(one, dtype=torch.float64) for one in attempt()])
    if wrong is not None:
        return wrong
    if len(found) != 2 or any(one.shape != (2, 2) for one in found):
        return Answer("return two matrices, each a list of two rows of two numbers.")
    for k, one in enumerate(found):
        if torch.linalg.matrix_rank(one) > 1:
            return Answer(f"matrix {k + 1} has rank 2.")
    if torch.linalg.matrix_rank(sum(found) / 2) < 2:
        return Answer("their midpoint still has rank at most 1.")
    return Answer()


def check_best_approximation(attempt: Callable[[Tensor, int], Tensor]) -> Answer:
    """Whether `attempt(A, r)` is the matrix of rank at most r closest to A."""
    A = torch.randn(6, 4, generator=_generator(), dtype=torch.float64)
    singular = torch.linalg.svdvals(A)
    for rank in (1, 2, 4):
        found, wrong = attempted(attempt, A, rank)
        if wrong is not None:
            return wrong
        if not isinstance(found, Tensor) or found.shape != A.shape:
            return Answer(f"the result should be a matrix of shape {tuple(A.shape)}, like A.")
        if torch.linalg.matrix_rank(found, rtol=1e-9) > rank:
            return Answer(f"for r = {rank} your matrix has rank above {rank}.")
        error = (A - found).square().sum()
        best = singular[rank:].square().sum()
        if not torch.isclose(error, best, atol=1e-8):
            return Answer(
                f"for r = {rank} the squared error is {error:.4f}; the dropped singular values "
                f"allow {best:.4f}."
            )
    return Answer()


def _generator() -> torch.Generator:
    return torch.Generator().manual_seed(0)
