"""The check behind the exercise of linear/closed_forms."""

from collections.abc import Callable

import torch
from torch import Tensor

from invlib.exercises.verdict import Answer, attempted

CASES = ((6, 4, 2), (4, 6, 3), (5, 5, 5), (7, 3, 1))  # rows, columns, rank


def check_truncate(attempt: Callable[[Tensor, int], Tensor]) -> Answer:
    """Whether `attempt(A, r)` is the best approximation of A of rank at most r."""
    for rows, columns, rank in CASES:
        generator = torch.Generator().manual_seed(rows)
        A = torch.randn(rows, columns, generator=generator, dtype=torch.float64)
        found, wrong = attempted(attempt, A.clone(), rank)
        if wrong is not None:
            return wrong
        if found is Ellipsis:
            return Answer("replace the dots.")
        if not isinstance(found, Tensor) or found.shape != A.shape:
            return Answer(f"the result should be a tensor of shape {tuple(A.shape)}, like A.")
        if not found.isfinite().all():
            return Answer("the result holds NaN or infinite entries.")
        if torch.linalg.matrix_rank(found.double(), rtol=1e-9) > rank:
            return Answer(f"for r = {rank}, a {rows}x{columns} matrix came back with more rank.")
        left = torch.linalg.svdvals(A)[rank:].square().sum().sqrt()
        distance = (A - found).norm()
        if distance > left * (1 + 1e-6) + 1e-6:
            return Answer(
                f"the rank is right, but the distance to A is {distance:.3f}; "
                f"{left:.3f} is possible, the root of the sum of the left-out σ²."
            )
    return Answer()
