"""Small convolutional networks, several side by side, and their kin that ignores quarter turns.

Kernels of 6x6 that move by four pixels see the image, kernels of 3x3 what these found, and a dense
layer all of that; a linear layer reads the logits off. The places of a kernel lie symmetric about
the middle of the image. So a quarter turn maps places to places, and equivariance is exact.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d

from invlib.errors import UsageError
from invlib.groups import rotations
from invlib.models.group_convolution import lifting_kernels, regular_kernels
from invlib.models.mlp import linear_init

FIRST, SECOND = (6, 4, 1), (3, 1, 1)  # kernel, stride, padding; the first quarters the side


class BatchedCNN(nn.Module):
    """Two convolutions, a dense layer and the logits, with ReLU between, without bias.

    One network per generator, trained together as one grouped convolution. Weights start at
    PyTorch's default for a convolution, which is the one for a linear layer on the same inputs.
    """

    copies = 1  # of every kernel

    def __init__(
        self,
        *,
        side: int,
        outputs: int,
        generators: Sequence[torch.Generator],
        channels: tuple[int, int] = (16, 16),
        hidden: int = 64,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        super().__init__()
        if side < 4 or side % 4:
            raise UsageError(f"side is {side}; it must be a multiple of 4, the first stride.")
        self.side = side
        sizes = (FIRST[0], SECOND[0], side // FIRST[1])  # the last kernel covers all it is given
        seen = (1, *(count * self.copies for count in channels))  # planes that a layer is given
        shapes = [
            (out, planes * size * size)
            for out, planes, size in zip((*channels, hidden), seen, sizes, strict=True)
        ]
        self.weights = nn.ParameterList(  # each [networks, out, inputs under the kernel]
            torch.stack([linear_init(*shape, generator)[0] for generator in generators]).to(dtype)
            for shape in (*shapes, (outputs, hidden))
        )

    def encode(self, x: Tensor) -> Tensor:
        """Images as they are: nothing is to be prepared before training."""
        return x

    def forward(self, x: Tensor) -> Tensor:
        """Logits [networks, n, outputs] for images [n, pixels] or [networks, n, pixels]."""
        pooled = self.features(x)[-1].mean(-1)  # over the copies of a unit
        return pooled @ self.weights[-1].mT

    def features(self, x: Tensor) -> list[Tensor]:
        """What follows each ReLU: two maps [networks, n, channels, copies, side, side], and units.

        Each channel has one plane, and each unit one value, for every copy of its kernel; the
        units are [networks, n, hidden, copies].
        """
        networks = len(self.weights[0])
        x = x.expand(networks, *x.shape[-2:])
        # networks stand side by side as groups of channels
        maps = torch.stack(x.unbind(0), 1).unflatten(-1, (self.side, self.side))
        found = []
        for layer, (size, stride, padding) in enumerate((FIRST, SECOND)):
            weight = self.kernels(layer, size).flatten(0, 2).unflatten(-1, (size, size))
            weight = weight.to(memory_format=torch.channels_last)  # twice as fast on a CPU
            maps = conv2d(maps, weight, stride=stride, padding=padding, groups=networks).relu()
            found.append(maps.unflatten(1, (networks, -1, self.copies)).transpose(0, 1))
        # a kernel that covers its map has one place: its convolution is a product of matrices,
        # here with the planes of a pixel next to each other, as they lie in memory
        kernels = self.kernels(2, self.side // FIRST[1]).flatten(1, 2)
        pixels = found[-1].flatten(2, 3).movedim(2, -1).flatten(2)
        units = (pixels @ kernels.transpose(-2, -1).flatten(2).mT).relu()
        return [*found, units.unflatten(-1, (-1, self.copies))]

    def kernels(self, layer: int, size: int) -> Tensor:
        """All copies of a layer's kernels: [networks, out, copies, planes in, k·k]."""
        return self.weights[layer].unflatten(-1, (-1, size * size)).unsqueeze(2)


class BatchedC4CNN(BatchedCNN):
    """The same made of group convolutions: its logits do not change under quarter turns.

    The first layer is a lifting convolution, the others are group convolutions on the four planes
    of each channel. The mean over these, before the logits, makes invariance of equivariance.
    """

    invariant = True  # every member of an orbit is the same to it
    copies = 4

    def kernels(self, layer: int, size: int) -> Tensor:
        turns = rotations(size)
        weights = self.weights[layer]
        if layer == 0:
            return lifting_kernels(weights.unsqueeze(-2), turns)
        by_plane = weights.unflatten(-1, (-1, self.copies, size * size))
        return regular_kernels(by_plane, turns).flatten(-3, -2)
