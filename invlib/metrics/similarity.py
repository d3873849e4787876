"""Whether a prediction rests on the same pixels when the image moves (paper genuine, eq. 3)."""

import torch
from torch import Tensor

from invlib.groups import Group
from invlib.metrics.over_group import mean_over_group
from invlib.saliency import Model, saliency_map
from invlib.saliency.gradients import check_images, check_labels


def saliency_similarity(
    model: Model, x: Tensor, y: Tensor, group: Group, *, steps: int = 32, batch: int = 1024
) -> float:
    """SI_f (eq. 3): the mean of cos(m_f(x), g⁻¹ m_f(g x)) over images x and g ≠ e.

    m_f is the saliency map of the logit of class y [n] (see invlib.saliency for the choices that
    the paper leaves open). Two maps that are zero everywhere have cosine 1, as both say that no
    pixel matters; a zero map and another one have cosine 0.
    """
    check_images(x)
    check_labels(x, y)

    def saliency(images: Tensor, rows: slice) -> Tensor:
        return saliency_map(model, images, y[rows], steps=steps)

    def aligned_cosine(still: Tensor, moved: Tensor, k: int) -> Tensor:
        return cosine(still, group.act(moved, group.inverse(k)))

    return mean_over_group("saliency_similarity", saliency, aligned_cosine, x, group, batch)


def cosine(a: Tensor, b: Tensor) -> Tensor:
    """The cosine between rows; 1 for two zero rows, 0 for a zero row and another one."""
    a, b = _direction(a), _direction(b)
    zero_a, zero_b = (a == 0).all(-1), (b == 0).all(-1)
    return torch.where(zero_a & zero_b, 1.0, (a * b).sum(-1))


def _direction(rows: Tensor) -> Tensor:
    """Rows of length one; zero rows stay zero."""
    rows = rows.double()
    largest = rows.abs().amax(-1, keepdim=True)
    # by the largest entry first, so that the squares of tiny entries do not vanish
    rows = rows / torch.where(largest == 0, 1.0, largest)
    length = torch.linalg.vector_norm(rows, dim=-1, keepdim=True)
    return rows / torch.where(length == 0, 1.0, length)
