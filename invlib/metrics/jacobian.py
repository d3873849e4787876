"""How strongly a model's logits can respond to a small change of the image (genuine, Fig. 5)."""

import torch
from torch import Tensor

from invlib.errors import InvlibError
from invlib.metrics.over_group import slices
from invlib.saliency.gradients import Model, check_images, follows, logits_of


def jacobian_norm(model: Model, x: Tensor, *, batch: int = 256) -> Tensor:
    """σ_max(J): the largest singular value of ∂ logits / ∂ x at each image of x, exactly [n]."""
    check_images(x)
    return torch.cat([_largest_singular_value(model, x[rows]) for rows in slices(len(x), batch)])


def _largest_singular_value(model: Model, x: Tensor) -> Tensor:
    with torch.enable_grad():
        x = x.detach().requires_grad_()
        logits = follows(logits_of(model, x))
        rows = [
            torch.autograd.grad(logit.sum(), x, retain_graph=True, materialize_grads=True)[0]
            for logit in logits.unbind(1)
        ]
    J = torch.stack(rows, 1).double()  # [n, classes, pixels]
    if not J.isfinite().all():
        raise InvlibError(
            "jacobian_norm is not finite: the model's gradient is NaN or infinite on these images."
        )
    # J Jᵀ is small, and its largest eigenvalue, unlike the others, loses nothing to the square.
    return torch.linalg.eigvalsh(J @ J.mT)[:, -1].clamp_min(0).sqrt().to(x.dtype)
