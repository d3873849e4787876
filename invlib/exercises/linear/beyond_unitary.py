"""The check behind the exercise of linear/beyond_unitary."""

from collections.abc import Callable

import torch
from torch import Tensor

from invlib.exercises.verdict import Answer


def check_kept_form(attempt: Callable[[Tensor], Tensor], matrices: Tensor) -> Answer:
    """Whether `attempt(matrices)` is a positive definite M with ρ(g)ᵀ M ρ(g) = M for all g."""
    size = matrices.shape[-1]
    try:
        found = attempt(matrices)
    except (TypeError, AttributeError) as error:
        return Answer(f"replace the dots ({error}).")
    if not isinstance(found, Tensor) or found.shape != (size, size):
        return Answer(f"the result should be one matrix of shape {(size, size)}.")
    found = found.double()
    if not torch.allclose(found, found.mT):
        return Answer("the matrix is not symmetric.")
    if not torch.linalg.eigvalsh(found)[0] > 1e-9 * found.abs().max():
        return Answer("the matrix is not positive definite: some x ≠ 0 has xᵀ M x ≤ 0.")
    moved = matrices.mT @ found @ matrices
    if not torch.allclose(moved, found.expand_as(moved), rtol=1e-8, atol=1e-8):
        return Answer("some ρ(g) changes it: ρ(g)ᵀ M ρ(g) is not M.")
    return Answer()
