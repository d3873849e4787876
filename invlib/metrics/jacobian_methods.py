"""Three ways to the largest singular value of a Jacobian (genuine, Fig. 5): two exact, one not.

Reverse mode finds one row of J per pass, forward mode one column. Where images have more pixels
than there are classes, rows are fewer. Power iteration needs two passes per step whatever the size
of J, and comes from below.

Forward mode is here the derivative of reverse mode: Jᵀu is linear in u, so its slope along v, taken
by reverse mode once more, is J v. It asks nothing of a model that reverse mode does not.
"""

import math
import operator
from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn.functional import normalize

from invlib.errors import InvlibError, UsageError, unknown
from invlib.metrics import jacobian
from invlib.metrics.over_group import slices
from invlib.saliency.gradients import Model, check_images, follows, logits_of

METHODS = ("exact", "reverse", "forward", "power")
Map = Callable[[Tensor], Tensor]


def jacobian_norm(
    model: Model,
    x: Tensor,
    *,
    batch: int = 256,
    method: str = "exact",
    tolerance: float = 1e-4,
    iterations: int = 1000,
    seed: int = 0,
) -> Tensor:
    """σ_max(J): the largest singular value of ∂ logits / ∂ x at each image of x: [n].

    `exact` takes reverse or forward mode, whichever needs fewer passes. `power` starts at a random
    vector drawn from `seed` and stops when u of unit length fulfils ‖J Jᵀu − θu‖ ≤ tolerance · θ,
    which puts a squared singular value that close to θ; it fails by name after `iterations`. It is
    the largest one unless the start is orthogonal to it. Memory grows with `batch`, not with n.
    """
    check_images(x)
    if method not in METHODS:
        raise unknown("value", str(method), METHODS, where="for method")
    if not isinstance(tolerance, float) or not 0 < tolerance < 1:
        raise UsageError(f"tolerance is {tolerance!r}; it must be a number between 0 and 1.")
    steps = _whole("iterations", iterations)
    if method == "exact":
        method = "reverse" if _classes(model, x) <= x.shape[1] else "forward"
    if method == "reverse":
        return jacobian.jacobian_norm(model, x, batch=batch)
    found = []
    for rows in slices(len(x), batch):
        pull, push, classes = _products(model, x[rows])
        if method == "forward":
            found.append(_by_columns(push, x[rows]))
        else:
            start = torch.Generator().manual_seed(seed)
            u = torch.randn(classes, generator=start, dtype=torch.float64).to(x)
            u = normalize(u.expand(len(x[rows]), -1), dim=1)
            found.append(_by_iteration(pull, push, u, tolerance, steps))
    return torch.cat(found)


def _classes(model: Model, x: Tensor) -> int:
    with torch.no_grad():
        return logits_of(model, x[:1]).shape[1]


def _products(model: Model, x: Tensor) -> tuple[Map, Map, int]:
    """u ↦ Jᵀu and v ↦ J v for all images at once, and the number of classes."""
    with torch.enable_grad():
        x = x.detach().requires_grad_()
        logits = follows(logits_of(model, x))
        probe = torch.zeros_like(logits, requires_grad=True)
        options = {"retain_graph": True, "materialize_grads": True}
        pulled = torch.autograd.grad(logits, x, probe, create_graph=True, materialize_grads=True)[0]

    def pull(u: Tensor) -> Tensor:
        return _finite(torch.autograd.grad(logits, x, u, **options)[0])

    def push(v: Tensor) -> Tensor:
        if not pulled.requires_grad:  # the logits ignore the image
            return torch.zeros_like(probe)
        return _finite(torch.autograd.grad(pulled, probe, v, **options)[0])

    return pull, push, logits.shape[1]


def _by_columns(push: Map, x: Tensor) -> Tensor:
    units = torch.eye(x.shape[1], dtype=x.dtype, device=x.device)
    J = torch.stack([push(unit.expand(x.shape)) for unit in units], 2).double()
    return torch.linalg.eigvalsh(J.mT @ J)[:, -1].clamp_min(0).sqrt().to(x.dtype)


def _by_iteration(pull: Map, push: Map, u: Tensor, tolerance: float, iterations: int) -> Tensor:
    """Power iteration with u ↦ J Jᵀu, for all images together."""
    for _ in range(iterations):
        moved = push(pull(u))
        theta = (u * moved).sum(1)
        settled = (moved - theta[:, None] * u).norm(dim=1) <= tolerance * theta
        if bool(settled.all()):
            return theta.clamp_min(0).sqrt()
        u = torch.where(settled[:, None], u, normalize(moved, dim=1))
    raise InvlibError(
        f"power iteration has not settled for {int((~settled).sum())} of {len(u)} images after "
        f'{iterations} iterations. Allow more, or a larger tolerance, or use method "exact".'
    )


def _finite(product: Tensor) -> Tensor:
    if not product.isfinite().all():
        raise InvlibError(
            "jacobian_norm is not finite: the model's gradient is NaN or infinite on these images."
        )
    return product


def _whole(name: str, value: int) -> int:
    try:
        number = math.nan if isinstance(value, bool) else operator.index(value)
    except TypeError:
        number = math.nan
    if not number >= 1:
        raise UsageError(f"{name} is {value!r}; it must be a whole number of at least 1.")
    return number
