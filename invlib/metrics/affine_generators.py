"""Is a model invariant to a continuous family? Generators of affine motions in its null space.

The idea of Moskalev et al., LieGG (2022), without their code: if f(x) stays the same along a
one-parameter group of motions of the image plane, the derivative of f along the group's vector
field is zero at every image. A field v(p) = A p + b moves the image x by δ(x) = −∇x · v, linear in
its six numbers. So all derivatives, for images and outputs, are one matrix times these numbers, and
continuous symmetries are its null space. A discrete group leaves no trace in it.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from invlib.errors import InvlibError
from invlib.metrics.over_group import slices
from invlib.saliency.gradients import Model, check_images, follows, logits_of

# v(p) = A p + b on (x, y) in [-1, 1]², y downwards: shifts, scaling, turn, and two stretches.
FIELDS = {
    "shift right": ((0.0, 0.0), (0.0, 0.0), (1.0, 0.0)),
    "shift down": ((0.0, 0.0), (0.0, 0.0), (0.0, 1.0)),
    "scale": ((1.0, 0.0), (0.0, 1.0), (0.0, 0.0)),
    "turn": ((0.0, 1.0), (-1.0, 0.0), (0.0, 0.0)),
    "stretch": ((1.0, 0.0), (0.0, -1.0), (0.0, 0.0)),
    "shear": ((0.0, 1.0), (1.0, 0.0), (0.0, 0.0)),
}


CONTINUOUS = 0.001  # of the largest sensitivity: what counts as none


@dataclass(frozen=True)
class Generators:
    """Directions among the six, the most invariant first."""

    sensitivity: Tensor  # [6] mean squared change of the logits per squared change of the image
    directions: Tensor  # [6, 6] rows: coefficients of FIELDS, of unit length
    size: Tensor  # [6, 6]: mean of δ_i · δ_j over images, how much the fields change them

    @property
    def gap(self) -> float:
        """The smallest sensitivity over the largest: 0 for a continuous symmetry."""
        return float(self.sensitivity[0] / self.sensitivity[-1])

    def continuous(self, limit: float) -> int:
        """How many directions count as symmetries: sensitivity at most `limit` of the largest."""
        return int((self.sensitivity <= limit * self.sensitivity[-1]).sum())

    def angle(self, truth: Tensor, dimensions: int = 1) -> float:
        """The angle in degrees between a true field and the span of the most invariant ones.

        It is measured by what the fields do to the images: lengths and angles are those of S.
        """
        root = torch.linalg.cholesky(self.size)
        truth = truth.to(self.size) @ root
        span = torch.linalg.qr((self.directions[:dimensions] @ root).mT).Q
        inside = (truth @ span).norm() / truth.norm()
        return float(inside.clamp(max=1).arccos().rad2deg())


def affine_generators(model: Model, x: Tensor, *, batch: int = 128) -> Generators:
    """The six affine directions in order of how little the model's logits change along them.

    "How little" is per size of the change of the images: the smallest of c M c / c S c with M the
    mean of squared derivatives and S that of squared changes, over all combinations c.
    """
    check_images(x)
    M = torch.zeros(len(FIELDS), len(FIELDS), dtype=torch.float64)
    S = torch.zeros_like(M)
    for rows in slices(len(x), batch):
        delta = image_changes(x[rows])  # [n, 6, pixels]
        derivative = torch.einsum("nkp,njp->nkj", _jacobians(model, x[rows]), delta)
        M += torch.einsum("nki,nkj->ij", derivative, derivative)
        S += torch.einsum("nip,njp->ij", delta, delta)
    if not M.isfinite().all():
        raise InvlibError("the model's gradients are not finite on these images.")
    M, S = M / len(x), S / len(x)
    if torch.linalg.eigvalsh(S)[0] <= 1e-12 * S.trace():
        raise InvlibError(
            "a motion of the plane leaves all images as they are: they are too plain."
        )
    # c M c / c S c is an ordinary Rayleigh quotient in coordinates in which S is the identity.
    root = torch.linalg.inv(torch.linalg.cholesky(S))
    values, vectors = torch.linalg.eigh(root @ M @ root.mT)
    directions = vectors.mT @ root
    return Generators(values.clamp_min(0), directions / directions.norm(dim=1, keepdim=True), S)


def image_changes(x: Tensor) -> Tensor:
    """δ(x) = −∇x · v for images x [n, pixels] and each of the six fields: [n, 6, pixels], float64.

    The image is 0 outside its frame. Derivatives are central differences, exact for images that
    change linearly from pixel to pixel.
    """
    side = round(x.shape[1] ** 0.5)
    image = torch.nn.functional.pad(x.double().view(-1, side, side), [1] * 4)
    across = (image[:, 1:-1, 2:] - image[:, 1:-1, :-2]) / 2 * (side / 2)
    down = (image[:, 2:, 1:-1] - image[:, :-2, 1:-1]) / 2 * (side / 2)
    field = plane_fields(side)  # [6, side, side, 2]
    change = -(across[:, None] * field[..., 0] + down[:, None] * field[..., 1])
    return change.flatten(2)


def plane_fields(side: int) -> Tensor:
    """The six vector fields at the pixels: [6, side, side, 2], (x, y) in [-1, 1]², y downwards."""
    at = (2 * torch.arange(side, dtype=torch.float64) + 1) / side - 1
    y, x = torch.meshgrid(at, at, indexing="ij")
    places = torch.stack([x, y], -1)
    numbers = torch.tensor(list(FIELDS.values()), dtype=torch.float64)  # [6, 3, 2]
    return torch.einsum("fij,yxj->fyxi", numbers[:, :2], places) + numbers[:, None, None, 2]


def _jacobians(model: Model, x: Tensor) -> Tensor:
    """∂ logits / ∂ x, [n, classes, pixels], float64."""
    with torch.enable_grad():
        x = x.detach().requires_grad_()
        logits = follows(logits_of(model, x))
        rows = [
            torch.autograd.grad(logit.sum(), x, retain_graph=True, materialize_grads=True)[0]
            for logit in logits.unbind(1)
        ]
    return torch.stack(rows, 1).double()
