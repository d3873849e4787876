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

    def pick(self, image: Tensor, view: Tensor) -> Tensor:
        """One view of each of some images, both [networks, batch]: [networks, batch, ...]."""
        rows = (image + self._starts) * self.views + view
        # whole rows are copied: faster than permuting the pixels of each image of a batch
        found = self._flat.index_select(0, rows.flatten())
        return found.view(*image.shape, *self.rows.shape[3:])

    def classes_of(self, image: Tensor) -> Tensor:
        """The labels of some images [networks, batch]."""
        return self.labels.gather(1, image)
