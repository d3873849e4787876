"""How hard a loss pulls at the size of each layer of a network: ⟨W_l, ∂ loss / ∂ W_l⟩.

Under gradient flow d‖W_l‖_F² / dt = −2 ⟨W_l, ∂ loss / ∂ W_l⟩. Logits of a ReLU network without
biases grow in proportion to any single layer. A loss that is homogeneous of degree k in the logits
therefore has ⟨W_l, ∂ loss / ∂ W_l⟩ = k · loss (Euler), the same for every layer: 2 LI for LI, and 0
for a penalty that does not see the scale of the logits.
"""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor


def layer_pull(loss: Callable[[], Tensor], weights: Sequence[Tensor]) -> Tensor:
    """⟨W_l, ∂ loss / ∂ W_l⟩ for every weight: [layers]. Their own gradients are left alone."""
    with torch.enable_grad():
        slopes = torch.autograd.grad(loss(), list(weights))
    pulls = [(w.detach() * s).sum() for w, s in zip(weights, slopes, strict=True)]
    return torch.stack(pulls)
