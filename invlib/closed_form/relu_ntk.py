"""The tangent kernel of an infinitely wide two-layer ReLU network (linear, App. B.8, eq. 61).

The network is f(x) = (1/√m) Σ a_j max(w_j·x, 0) without bias; all a_j and all entries of w_j are
drawn from N(0, 1), and both layers are trained. As m grows, the products of gradients
∇f(x)·∇f(x') tend to

    k(x, x') = E[σ(w·x) σ(w·x')] + x·x' E[σ'(w·x) σ'(w·x')]
             = ‖x‖ ‖x'‖ / 2π · (sin θ + 2 (π − θ) cos θ),

with θ the angle between x and x': the sum of two arc-cosine kernels.
"""

import math

import torch
from torch import Tensor

from invlib.errors import UsageError
from invlib.groups import Group


def relu_ntk(x: Tensor, other: Tensor) -> Tensor:
    """k(x, x') for all rows of x [n, pixels] and other [m, pixels]: [n, m], float64."""
    x, other = _rows("x", x), _rows("other", other)
    if x.shape[1] != other.shape[1]:
        raise UsageError(f"x has {x.shape[1]} columns, other has {other.shape[1]}.")
    angle = angles(x, other)
    sizes = x.norm(dim=1)[:, None] * other.norm(dim=1)
    return sizes / (2 * math.pi) * (angle.sin() + 2 * (math.pi - angle) * angle.cos())


def angles(x: Tensor, other: Tensor) -> Tensor:
    """The angle between every two rows, exact to rounding also near 0 and π.

    arccos would lose half the digits there, where the kernel has a kink.
    """
    u, v = _directions(x), _directions(other)
    exact = {"compute_mode": "donot_use_mm_for_euclid_dist"}
    return 2 * torch.atan2(torch.cdist(u, v, **exact), torch.cdist(u, -v, **exact))


def averaged_relu_ntk(x: Tensor, other: Tensor, group: Group) -> Tensor:
    """The kernel of the group-averaged network f_conv(x) = (1/|𝒢|) Σ f(g x): [n, m].

    It averages k(g x, h x') over both elements. As k is equivariant, one average is enough.
    """
    turned = group.orbit(other)  # [m, order, pixels]
    return relu_ntk(x, turned.flatten(0, 1)).unflatten(1, turned.shape[:2]).mean(-1)


def _rows(name: str, value: Tensor) -> Tensor:
    if not isinstance(value, Tensor) or value.ndim != 2 or value.is_complex():
        raise UsageError(f"{name} must be a real tensor [n, pixels].")
    if not value.isfinite().all():
        raise UsageError(f"{name} holds NaN or infinite entries.")
    return value.double()


def _directions(rows: Tensor) -> Tensor:
    sizes = rows.norm(dim=1, keepdim=True)
    return rows / torch.where(sizes == 0, 1.0, sizes)
