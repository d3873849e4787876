"""A finite group and its action on flattened images.

Element 0 is the identity. ρ(k) is the pixel permutation of element k; ρ is a homomorphism:
ρ(compose(j, k)) = ρ(j) ρ(k), so that k acts first.
"""

import operator
from collections.abc import Sequence

import torch
from torch import Tensor

from invlib.errors import UsageError


class Group:
    """A finite group 𝒢 that acts on images by permuting pixels, so that ρ(g) is orthogonal.

    Made by `rotations`, `translations`, `flips` and `from_permutations`, which see to it that
    `sources` and `products` form a group.
    """

    def __init__(
        self,
        *,
        name: str,
        sources: Tensor,  # [order, pixels]: where each pixel of the moved image comes from
        products: Tensor,  # [order, order]: products[j, k] is the element j k
        generators: Sequence[int],
        side: int | None,
    ) -> None:
        self.name = name
        self.order, self.pixels = sources.shape
        self.side = side  # None where the pixels do not form a square image
        self.generators = tuple(generators)
        self._products = products
        self._inverses = (products == 0).int().argmax(1)
        self._sources = {sources.device: sources}

    def __repr__(self) -> str:
        return f"<Group: {self.name}, order {self.order}, on {self.pixels} pixels>"

    def act(self, x: Tensor, k: int | Tensor) -> Tensor:
        """The transformed images g x for images x [..., pixels].

        k is one element for all images, or an integer tensor [...] with one element per image.
        On a CPU an element out of range is refused by name; on an accelerator, where looking
        would stall the queue, a tensor k is checked by the device's own assertion.
        """
        self._check_images(x)
        sources = self._sources_on(x.device)
        if isinstance(k, Tensor) and k.ndim > 0:
            self._check_elements(k)
            if k.shape != x.shape[:-1]:
                raise UsageError(
                    f"k has shape {list(k.shape)}; one element per image needs "
                    f"{list(x.shape[:-1])}, the shape of x without its last dimension."
                )
            # index_select, unlike indexing, refuses negative elements and is several times faster
            chosen = sources.index_select(0, k.to(x.device).flatten()).view(x.shape)
            return x.gather(-1, chosen)
        return x.gather(-1, sources[self._element(k)].expand(x.shape))

    def orbit(self, x: Tensor) -> Tensor:
        """All transformed images of x [..., pixels], the identity first: [..., order, pixels]."""
        self._check_images(x)
        everywhere = (*x.shape[:-1], self.order, self.pixels)
        sources = self._sources_on(x.device).expand(everywhere)
        return x.unsqueeze(-2).expand(everywhere).gather(-1, sources)

    def inverse(self, k: int | Tensor) -> int | Tensor:
        """The element that undoes k, for one element or a tensor of them."""
        if isinstance(k, Tensor) and k.ndim > 0:
            self._check_elements(k)
            return self._inverses.to(k.device)[k]
        return int(self._inverses[self._element(k)])

    def compose(self, j: int | Tensor, k: int | Tensor) -> int | Tensor:
        """The element that acts as k first and j after it, for elements or tensors of them."""
        if isinstance(j, Tensor) or isinstance(k, Tensor):
            j, k = torch.as_tensor(j), torch.as_tensor(k)
            self._check_elements(j)
            self._check_elements(k)
            return self._products.to(k.device)[j.to(k.device).long(), k.long()]
        return int(self._products[self._element(j), self._element(k)])

    def matrices(self, dtype: torch.dtype = torch.float64) -> Tensor:
        """The representation: ρ(k) = matrices()[k] with ρ(k) x = act(x, k)."""
        return torch.nn.functional.one_hot(self._cpu_sources(), self.pixels).to(dtype)

    def reynolds(self, dtype: torch.dtype = torch.float64) -> Tensor:
        """The average over the group, Ḡ = (1/|𝒢|) Σ ρ(g): the projection on invariant images."""
        sources = self._cpu_sources()
        counts = torch.zeros(self.pixels, self.pixels, dtype=dtype)
        rows = torch.arange(self.pixels)
        for source in sources:
            counts[rows, source] += 1
        return counts / self.order

    def orbit_basis(self, dtype: torch.dtype = torch.float64) -> Tensor:
        """An orthonormal basis of the invariant images [pixels, orbits], one column per orbit.

        A column is 1/√(orbit size) on the pixels of its orbit and 0 elsewhere.
        """
        smallest = self._cpu_sources().amin(0)  # the same for all pixels of an orbit
        _, orbit, sizes = smallest.unique(return_inverse=True, return_counts=True)
        return torch.nn.functional.one_hot(orbit, len(sizes)).to(dtype) / sizes.to(dtype).sqrt()

    def constraint(self, dtype: torch.dtype = torch.float64) -> Tensor:
        """G = I − ρ(g) of paper linear (Prop. 4): a map W is invariant exactly if W G = 0.

        A group with several generators has one such block for each, side by side.
        """
        blocks = [torch.zeros(self.pixels, 0, dtype=dtype)]
        rows = torch.arange(self.pixels)
        for generator in self.generators:
            block = torch.eye(self.pixels, dtype=dtype)
            block[rows, self._cpu_sources()[generator]] -= 1
            blocks.append(block)
        return torch.cat(blocks, 1)

    def _cpu_sources(self) -> Tensor:
        return self._sources_on(torch.device("cpu"))

    def _sources_on(self, device: torch.device) -> Tensor:
        if device not in self._sources:
            self._sources[device] = next(iter(self._sources.values())).to(device)
        return self._sources[device]

    def _check_images(self, x: Tensor) -> None:
        if not isinstance(x, Tensor):
            raise UsageError(f"x is a {type(x).__name__}; {self.name} acts on torch tensors.")
        if x.ndim == 0 or x.shape[-1] != self.pixels:
            raise UsageError(
                f"x has shape {list(x.shape)}; its last dimension must be {self.pixels}, "
                f"the pixels that {self.name} acts on."
            )

    def _element(self, k: int | Tensor) -> int:
        try:
            index = None if isinstance(k, bool) else operator.index(k)
        except TypeError:
            index = None
        if index is None or not 0 <= index < self.order:
            raise UsageError(
                f"group element k is {k!r}; {self.name} has the elements 0 to {self.order - 1}."
            )
        return index

    def _check_elements(self, k: Tensor) -> None:
        if k.dtype == torch.bool or k.is_floating_point() or k.is_complex():
            raise UsageError(f"k has dtype {k.dtype}; group elements are integers.")
        if k.device.type == "cpu" and k.numel():
            low, high = (int(bound) for bound in k.aminmax())
            if low < 0 or high >= self.order:
                raise UsageError(
                    f"group elements k range from {low} to {high}; {self.name} has the "
                    f"elements 0 to {self.order - 1}."
                )
