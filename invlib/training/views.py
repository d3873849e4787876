"""Labelled images on the device, once, with every member of their orbits: a batch is an index."""

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Views:
    """Images of several networks' own data sets, each image with all its views.

    `rows` [networks, n, views, ...] holds encoded images: the orbit of each, or a single view
    where a network sees no difference between them. `labels` [networks, n].
    """

    rows: Tensor
    labels: Tensor

    def __post_init__(self) -> None:
        networks, n, views = self.rows.shape[:3]
        object.__setattr__(self, "_flat", self.rows.reshape(networks * n * views, -1))
        starts = torch.arange(networks, device=self.rows.device) * n
        object.__setattr__(self, "_starts", starts[:, None])

    @property
    def networks(self) -> int:
        return self.rows.shape[0]

    @property
    def images(self) -> int:
        return self.rows.shape[1]

    @property
    def views(self) -> int:
        return self.rows.shape[2]

    def places(self, image: Tensor, view: Tensor) -> Tensor:
        """Where one view of each of some images lies, both [networks, batch]."""
        return (image + self._starts) * self.views + view

    def at(self, places: Tensor) -> Tensor:
        """The views at some places [networks, batch]: [networks, batch, ...].

        Whole rows are copied, which is faster than permuting the pixels of every batch.
        """
        found = self._flat.index_select(0, places.flatten())
        return found.view(*places.shape, *self.rows.shape[3:])
