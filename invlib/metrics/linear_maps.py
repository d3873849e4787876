"""How much of a linear map is invariant (paper linear, Figs. 3 and 4)."""

import torch
from torch import Tensor

from invlib.errors import InvlibError, UsageError
from invlib.groups import Group


def noninvariant_part(W: Tensor, group: Group) -> Tensor:
    """W_⊥ = W (I − Ḡ), what averaging over the group removes from W [..., classes, pixels]."""
    if not isinstance(W, Tensor) or W.ndim < 2 or not W.is_floating_point():
        given = f"{W.dtype} {list(W.shape)}" if isinstance(W, Tensor) else type(W).__name__
        raise UsageError(f"W is {given}; it must be a tensor of floats [..., classes, pixels].")
    return W - group.orbit(W).mean(-2)


def invariant_proportion(W: Tensor, group: Group) -> Tensor:
    """‖W − W_⊥‖² / ‖W‖² for maps W [..., classes, pixels], one number for each: [...]."""
    invariant = W - noninvariant_part(W, group)
    proportion = (torch.linalg.matrix_norm(invariant) / torch.linalg.matrix_norm(W)).square()
    if not proportion.isfinite().all():
        raise InvlibError("invariant_proportion is undefined: a map W is zero or not finite.")
    return proportion
