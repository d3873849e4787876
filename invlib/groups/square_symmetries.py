"""All pixel-exact symmetries of a periodic square image: turns and flips, then cyclic shifts.

An element moves the pixel at p = (row, column) to M p + t, modulo the side, where M is one of the
eight turns and flips of the square and t a whole number of pixels. There are 8 · side² of them.
They are a group, so the question "which transformations?" has its answer among its subgroups.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from invlib.errors import UsageError
from invlib.groups.group import Group
from invlib.groups.permutations import from_permutations

TURN = torch.tensor([[0, -1], [1, 0]])  # counter-clockwise, as np.rot90
FLIP = torch.tensor([[1, 0], [0, -1]])  # left-right, as np.fliplr
# Element d of the eight: a flip first if d ≥ 4, then d mod 4 quarter turns.
EIGHT = torch.stack(
    [
        torch.linalg.matrix_power(TURN.double(), d % 4).long()
        @ (FLIP if d > 3 else torch.eye(2).long())
        for d in range(8)
    ]
)
TURNS = ("", "quarter turn", "half turn", "three-quarter turn")


class SquareSymmetries:
    """The 8 · side² symmetries, each named by a whole number; 0 is the identity.

    Element (d · side + down) · side + right turns and flips by d, then shifts down and right.
    Permutations are made when they are asked for: for a side of 36 a table would fill memory.
    """

    def __init__(self, side: int) -> None:
        if isinstance(side, bool) or not isinstance(side, int) or side < 3:
            raise UsageError(
                f"side is {side!r}; it must be a whole number of at least 3, so that the "
                "symmetries of the image are all different."
            )
        self.side, self.pixels, self.order = side, side * side, 8 * side * side
        # The eight turn about the middle of the image: middle ↦ M middle + centre = middle.
        self._centres = (1 - EIGHT.sum(-1)) // 2 * (side - 1)
        self._eight = {tuple(M.flatten().tolist()): d for d, M in enumerate(EIGHT)}
        self._products = torch.tensor(
            [[self._eight[tuple((M @ N).flatten().tolist())] for N in EIGHT] for M in EIGHT]
        )

    def element(self, turn: int = 0, *, flip: bool = False, right: int = 0, down: int = 0) -> int:
        """A flip if asked for, then quarter turns, then the shifts; all counts may be any whole."""
        d = turn % 4 + 4 * flip
        return (d * self.side + down % self.side) * self.side + right % self.side

    def parts(self, elements: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The eight's member, the shift down and the shift to the right of each element."""
        self._check(elements)
        shift = elements % self.pixels
        return elements // self.pixels, shift // self.side, shift % self.side

    def compose(self, j: Tensor, k: Tensor) -> Tensor:
        """The elements that act as k first and j after it."""
        dj, tj = self._affine(torch.as_tensor(j))
        dk, tk = self._affine(torch.as_tensor(k))
        moved = (EIGHT[dj] @ tk.unsqueeze(-1)).squeeze(-1)
        return self._element(self._products[dj, dk], moved + tj)

    def sources(self, elements: Tensor) -> Tensor:
        """Where each pixel of the moved image comes from: [elements, pixels]."""
        d, t = self._affine(torch.as_tensor(elements))
        rows = torch.arange(self.side)
        places = torch.stack(torch.meshgrid(rows, rows, indexing="ij"), -1).view(-1, 2)
        back = EIGHT[d]  # M⁻¹ = Mᵀ, and row vectors p M are Mᵀ p
        found = ((places - t.unsqueeze(-2)) @ back) % self.side
        return found[..., 0] * self.side + found[..., 1]

    def act(self, x: Tensor, elements: Tensor) -> Tensor:
        """The images x [n, pixels], moved by every element: [elements, n, pixels]."""
        if x.ndim != 2 or x.shape[1] != self.pixels:
            raise UsageError(f"x has shape {list(x.shape)}; it must be [n, {self.pixels}].")
        return torch.stack([x[:, source] for source in self.sources(elements)])

    def everything(self, step: int = 1) -> Tensor:
        """All elements whose shifts are multiples of `step` pixels; they are a group."""
        self._check_step(step)
        d = torch.arange(8)[:, None, None]
        shifts = torch.arange(0, self.side, step)
        return ((d * self.side + shifts[:, None]) * self.side + shifts).flatten()

    def crosses(self, step: int = 1) -> Tensor:
        """The same, but shifted along one axis at a time: few enough to train with."""
        found = self.everything(step)
        _, down, right = self.parts(found)
        return found[(down == 0) | (right == 0)]

    def of_group(self, group: Group) -> Tensor:
        """The elements of a group of pixel permutations among these: [order], in its order."""
        refusal = f"{group.name} is not made of symmetries of a square of {self.side} pixels."
        if group.pixels != self.pixels:
            raise UsageError(refusal)
        pixels = torch.arange(self.pixels)
        moved = torch.stack([group.act(pixels, k) for k in range(group.order)])
        # Turned and flipped by d, the pixel that comes to the upper left corner tells the shift.
        eight = torch.arange(8) * self.pixels
        found = torch.full((group.order,), -1)
        for k, wanted in enumerate(moved):
            place = int((wanted == 0).nonzero()[0, 0])  # where pixel 0 ends up
            down, right = divmod(place, self.side)
            ends = (self.sources(eight) == 0).int().argmax(1)
            shift_down = (down - ends // self.side) % self.side
            shift_right = (right - ends % self.side) % self.side
            candidates = eight + shift_down * self.side + shift_right
            same = (self.sources(candidates) == wanted).all(1).nonzero()
            if len(same) == 0:
                raise UsageError(refusal)
            found[k] = candidates[same[0, 0]]
        return found

    def as_group(self, elements: Sequence[int], name: str = "found") -> Group:
        """A set of elements as a group of pixel permutations; refused if it is none."""
        return from_permutations(list(self.sources(torch.as_tensor(elements))), self.side, name)

    def words(self, element: int) -> str:
        """An element in words: flip, quarter turn, 12 right."""
        d, down, right = (int(part) for part in self.parts(torch.tensor(element)))
        said = ["flip"] if d > 3 else []
        said += [TURNS[d % 4]] if d % 4 else []
        said += [f"{shift} {way}" for shift, way in ((right, "right"), (down, "down")) if shift]
        return ", ".join(said) or "identity"

    def _affine(self, elements: Tensor) -> tuple[Tensor, Tensor]:
        d, down, right = self.parts(elements)
        return d, self._centres[d] + torch.stack([down, right], -1)

    def _element(self, d: Tensor, t: Tensor) -> Tensor:
        down, right = ((t - self._centres[d]) % self.side).unbind(-1)
        return (d * self.side + down) * self.side + right

    def _check(self, elements: Tensor) -> None:
        if elements.is_floating_point() or elements.dtype == torch.bool:
            raise UsageError(f"elements have dtype {elements.dtype}; they are whole numbers.")
        if elements.numel() and not 0 <= int(elements.min()) <= int(elements.max()) < self.order:
            raise UsageError(
                f"elements range from {int(elements.min())} to {int(elements.max())}; the "
                f"symmetries of a {self.side}-pixel square are 0 to {self.order - 1}."
            )

    def _check_step(self, step: int) -> None:
        if step < 1 or self.side % step:
            raise UsageError(f"step is {step}; it must divide {self.side}, the side of the image.")
