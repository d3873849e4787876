"""Kernels of convolutions that are equivariant to the rotations of an image (Cohen, Welling 2016).

A feature map of such a network has one plane per element r of the group: f(r, p) at position p. A
rotation g moves the positions and permutes the planes, (g f)(r, p) = f(g⁻¹ r, g⁻¹ p). Kernels whose
copies are rotated versions of one another carry an image, or such a map, to such a map. Here are
the copies; an ordinary convolution does the rest.
"""

import torch
from torch import Tensor

from invlib.groups import Group


def lifting_kernels(weights: Tensor, group: Group) -> Tensor:
    """ψ_r = r ψ: from kernels [..., out, in, k·k] to [..., out, order, in, k·k].

    The group acts on k x k kernels. The convolution sees an image and answers with one plane per
    element: its rotated copies look for the same pattern in every orientation.
    """
    return group.orbit(weights).movedim(-2, -3)


def regular_kernels(weights: Tensor, group: Group) -> Tensor:
    """ψ_r(s) = r ψ(r⁻¹ s): from [..., out, in, order, k·k] to [..., out, order, in, order, k·k].

    The convolution sees a map with a plane per element s and answers with one per element r.
    """
    turned = group.orbit(weights)  # [..., out, in, s, r, k·k]
    elements = range(group.order)
    copies = []
    for r in elements:
        sources = [group.compose(group.inverse(r), s) for s in elements]
        copies.append(turned[..., sources, r, :])
    return torch.stack(copies, -4)
