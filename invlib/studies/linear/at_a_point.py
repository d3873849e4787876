"""What is measured at a critical point of the two-layer network."""

import torch
from torch import Tensor

from invlib.groups import Group
from invlib.methods.two_layer_derivatives import TwoLayerObjective
from invlib.metrics import noninvariant_part
from invlib.studies.linear.span import Span

NEGATIVE = 1e-7  # curvatures below minus this part of the largest count as negative
RANK = 1e-6  # singular values above this part of the largest count


def describe(
    objective: TwoLayerObjective, theta: Tensor, group: Group, span: Span
) -> dict[str, Tensor]:
    """One number of each kind for every point: [seeds, starts].

    Adding one number to all logits changes no softmax, so `noninvariance` first takes the mean of
    its rows from W. `map_noninvariance` looks at W as it is, `first_noninvariance` at W₁. All are
    parts of a norm, and concern the directions that images have.
    """
    coordinates, second = objective.layers(theta)
    basis = span.basis[..., : objective.X.shape[-1]].unsqueeze(1)
    first = coordinates @ basis.mT
    W = second @ first
    predicting = W - W.mean(-2, keepdim=True) if objective.loss == "cross_entropy" else W
    curvatures = torch.linalg.eigvalsh(objective.hessian(theta))
    logits = objective.X.unsqueeze(1) @ (second @ coordinates).mT
    singular = torch.linalg.svdvals(predicting)
    return {
        "loss": objective.value_and_gradient(theta)[0],
        "descending": (curvatures < -NEGATIVE * curvatures[..., -1:]).sum(-1).double(),
        "rank": (singular > RANK * singular[..., :1]).sum(-1).double(),
        "variation": (logits - logits.mean(-1, keepdim=True)).std(-2).amax(-1),
        "noninvariance": noninvariance(predicting, group),
        "map_noninvariance": noninvariance(W, group),
        "first_noninvariance": noninvariance(first, group),
        "noninvariant_norm": torch.linalg.matrix_norm(noninvariant_part(W, group)),
    }


def noninvariance(matrix: Tensor, group: Group) -> Tensor:
    """‖W_⊥‖ / ‖W‖, and 0 for the zero map."""
    norm = torch.linalg.matrix_norm(matrix)
    part = torch.linalg.matrix_norm(noninvariant_part(matrix, group))
    return torch.where(norm > 0, part / norm.clamp(min=torch.finfo(norm.dtype).tiny), 0.0)


def twin_gradient(objective: TwoLayerObjective, theta: Tensor, span: Span) -> Tensor:
    """The gradient of the hard-wired problem at an augmented network with its W₁ averaged.

    Coordinates of invariant directions come first, and all copies of an image share them.
    """
    first, second = objective.layers(theta)
    inputs = span.orbits
    hard_wired = TwoLayerObjective(
        X=objective.X[..., :inputs],
        Y=objective.Y,
        penalty=objective.penalty[:, :inputs, :inputs],
        hidden=objective.hidden,
        loss=objective.loss,
    )
    twin = objective.flat(first[..., :inputs], second)
    return hard_wired.value_and_gradient(twin)[1].norm(dim=-1)


def smallest_curvature(objective: TwoLayerObjective, theta: Tensor, span: Span) -> Tensor:
    """The lowest curvature of the loss in W itself at one map per seed, the shift left out.

    Where it is positive at a critical point of the convex problem without bottleneck, that point
    is the only minimizer: a minimum exists, and no linear map separates the images.
    """
    first, second = objective.layers(theta)
    classes = objective.Y.shape[-1]
    # an orthonormal basis of logits that sum to zero, as a second layer that stands still
    ones = torch.ones(classes, 1, dtype=theta.dtype)
    centred = torch.linalg.qr(torch.cat([ones, torch.eye(classes, dtype=theta.dtype)], 1)).Q[:, 1:]
    fixed = centred.expand(*theta.shape[:2], -1, -1)
    wide = TwoLayerObjective(
        objective.X, objective.Y, objective.penalty, hidden=classes - 1, loss=objective.loss
    )
    hessian = wide.hessian(wide.flat(fixed.mT @ second @ first, fixed))
    inputs = objective.X.shape[-1]
    block = hessian[..., : (classes - 1) * inputs, : (classes - 1) * inputs]
    blank = ~span.present[:, :inputs].repeat(1, classes - 1)
    block = block + torch.diag_embed(blank.to(block)).unsqueeze(1)
    return torch.linalg.eigvalsh(block)[:, 0, 0]


def noninvariance_bound(X: Tensor, group: Group, strength: float) -> Tensor:
    """What ‖W_⊥‖ cannot exceed at a critical point of the penalized cross-entropy, per seed.

    √2 · mean ‖x‖ / (2 λ μ), where μ is the smallest eigenvalue of G Gᵀ that is not zero.
    """
    G = group.constraint().to(X)
    eigenvalues = torch.linalg.eigvalsh(G @ G.mT)
    smallest = eigenvalues[eigenvalues > 1e-9 * eigenvalues[-1]].min()
    return 2**0.5 * X.norm(dim=-1).mean(-1) / (2 * strength * smallest)
