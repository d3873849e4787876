"""The largest singular value of every weight matrix of a network (paper genuine, Sec. 3.3)."""

from collections.abc import Sequence

import torch
from torch import Tensor


def spectral_norms(weights: Sequence[Tensor]) -> list[Tensor]:
    """One tensor [networks] per layer, for weights [networks, rows, columns] each."""
    return [torch.linalg.matrix_norm(weight.detach().double(), 2) for weight in weights]
