"""How far f(g x) strays from its mean over the group, relative to that mean (linear, App. C.3).

Paper linear defines ε_inv(f, x) = E_g (1 − f(g x) / f̄(x))² with f̄(x) = E_g f(g x), for a scalar f,
and reports its median over points. Its networks have nine outputs. It does not say how these
become one number, so there are several readings here; `each_output` is the formula as it stands,
applied to every output.
"""

import torch
from torch import Tensor

from invlib.errors import InvlibError, unknown
from invlib.groups import Group
from invlib.metrics.over_group import slices
from invlib.saliency.gradients import Model, check_images, logits_of

READINGS = {
    "each_output": "the median over points and outputs together",
    "output_mean": "the mean over outputs, then the median over points",
    "norm": "squared distances summed over outputs before the ratio, median over points",
    "predicted": "the output whose mean over the group is largest, median over points",
}


def relative_invariance_error(
    model: Model, x: Tensor, group: Group, *, reading: str = "each_output", batch: int = 1024
) -> float:
    """The median of ε_inv over images x [n, pixels]; the memory it takes depends on batch."""
    check_images(x)
    found = []
    with torch.no_grad():
        for rows in slices(len(x), batch):
            images = x[rows]
            views = [logits_of(model, group.act(images, k)).double() for k in range(group.order)]
            found.append(relative_errors(torch.stack(views, -1), reading))
    return median_error(torch.cat(found))


def relative_errors(values: Tensor, reading: str = "each_output") -> Tensor:
    """ε_inv from values f(g x) [n, outputs, order]: one per point, or per point and output.

    Where the mean over the group is exactly zero, the ratio is undefined: the error is then zero
    if every value is zero, since f does not change there, and infinite otherwise.
    """
    if reading not in READINGS:
        raise unknown("reading", reading, READINGS)
    mean = values.mean(-1)
    spread = (values - mean.unsqueeze(-1)).square().mean(-1)
    if reading == "norm":
        return _ratio(spread.sum(-1), mean.square().sum(-1))
    errors = _ratio(spread, mean.square())
    if reading == "predicted":
        return errors.gather(-1, mean.argmax(-1, keepdim=True)).squeeze(-1)
    return errors.mean(-1) if reading == "output_mean" else errors.flatten()


def median_error(errors: Tensor) -> float:
    """The median; an infinite one, as of a function whose mean vanishes, is refused by name."""
    median = float(errors.median())
    if not median < float("inf"):
        raise InvlibError(
            "the relative invariance error is not finite: for half of the points or more, the mean "
            "over the group is zero, or the outputs are not finite."
        )
    return median


def _ratio(spread: Tensor, squared_mean: Tensor) -> Tensor:
    undefined = squared_mean == 0
    ratio = spread / torch.where(undefined, 1.0, squared_mean)
    infinite = torch.full_like(ratio, float("inf"))
    return torch.where(undefined & (spread > 0), infinite, ratio)
