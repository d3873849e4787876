"""How strongly logits respond to a small step in a given direction of pixel space: ‖J d‖ / ‖d‖."""

from collections.abc import Mapping

import torch
from torch import Tensor

from invlib.errors import UsageError
from invlib.metrics.over_group import slices
from invlib.saliency.gradients import Model, check_images, image_gradient


def jacobian(model: Model, x: Tensor, *, batch: int = 256) -> Tensor:
    """J = ∂ logits / ∂ x at each image of x: [n, classes, pixels]."""
    check_images(x)
    return torch.cat([_rows(model, x[rows]) for rows in slices(len(x), batch)])


def _rows(model: Model, x: Tensor) -> Tensor:
    with torch.no_grad():
        classes = model(x[:1]).shape[-1]
    return torch.stack(
        [image_gradient(model, x, lambda y, c=c: y[:, c]) for c in range(classes)], 1
    )


def responses(J: Tensor, directions: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """‖J d‖ / ‖d‖ [n] for one direction d [n, pixels] per image, under each name.

    Its square, averaged over all directions, is ‖J‖_F² / pixels; the largest possible is σ_max(J).
    """
    found = {}
    for name, d in directions.items():
        if d.shape != (len(J), J.shape[2]):
            raise UsageError(
                f"directions {name} have shape {list(d.shape)}; they must be "
                f"{[len(J), J.shape[2]]}, one for each image."
            )
        length = d.norm(dim=1)
        if not (length > 0).all():
            count = int((length == 0).sum())
            raise UsageError(f"{count} of the directions {name} are zero and point nowhere.")
        found[name] = (J @ d[:, :, None]).squeeze(2).norm(dim=1) / length
    return found
