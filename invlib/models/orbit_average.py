"""A function made exactly invariant: its mean over the orbit of the image."""

from collections.abc import Callable

from torch import Tensor

from invlib.groups import Group


def orbit_average(model: Callable[[Tensor], Tensor], group: Group) -> Callable[[Tensor], Tensor]:
    """h(x) = (1/|G|) Σ f(g x), for which h(g x) = h(x) whatever the model f."""

    def averaged(x: Tensor) -> Tensor:
        return sum(model(group.act(x, k)) for k in range(group.order)) / group.order

    return averaged
