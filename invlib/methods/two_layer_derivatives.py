"""Gradient and Hessian of a two-layer linear network in all its weights, for a loss on logits.

Second derivatives are what tells a critical point from a small gradient, and a saddle from a
minimum. Many networks are differentiated side by side: `starts` of them on the data of each seed.
"""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

# The value of a loss, its gradient in the logits, and its Hessian there as diag(d) − u uᵀ.
OnLogits = tuple[Tensor, Tensor, Tensor, Tensor]


def cross_entropy_on_logits(logits: Tensor, Y: Tensor) -> OnLogits:
    """−log softmax(z)_y, sample by sample: with p = softmax(z) the Hessian is diag(p) − p pᵀ."""
    p = logits.softmax(-1)
    return torch.logsumexp(logits, -1) - (logits * Y).sum(-1), p - Y, p, p


def squared_error_on_logits(logits: Tensor, Y: Tensor) -> OnLogits:
    """The mean over classes of (z − y)², sample by sample."""
    error, share = logits - Y, 2 / logits.shape[-1]
    return (
        error.square().mean(-1),
        share * error,
        torch.full_like(logits, share),
        torch.zeros_like(logits),
    )


ON_LOGITS = {"cross_entropy": cross_entropy_on_logits, "mse": squared_error_on_logits}


@dataclass(frozen=True)
class TwoLayerObjective:
    """θ ↦ mean of loss(W₂ W₁ x, y) + tr(W P Wᵀ), with θ = (W₁, W₂) as one row of numbers."""

    X: Tensor  # [seeds, n, inputs]
    Y: Tensor  # [seeds, n, classes]
    penalty: Tensor  # P [seeds, inputs, inputs], symmetric
    hidden: int
    loss: str = "cross_entropy"

    def layers(self, theta: Tensor) -> tuple[Tensor, Tensor]:
        """W₁ [seeds, starts, hidden, inputs] and W₂ [seeds, starts, classes, hidden]."""
        cut = self.hidden * self.X.shape[-1]
        first, second = theta[..., :cut], theta[..., cut:]
        return first.unflatten(-1, (self.hidden, -1)), second.unflatten(-1, (-1, self.hidden))

    @staticmethod
    def flat(first: Tensor, second: Tensor) -> Tensor:
        """The inverse of `layers`."""
        return torch.cat([first.flatten(-2), second.flatten(-2)], -1)

    def of_seeds(self, seeds: Tensor) -> "TwoLayerObjective":
        """The same for a choice of seeds, which may name one several times."""
        return replace(self, X=self.X[seeds], Y=self.Y[seeds], penalty=self.penalty[seeds])

    def value_and_gradient(self, theta: Tensor) -> tuple[Tensor, Tensor]:
        """One value and one gradient per network: [seeds, starts], [seeds, starts, weights]."""
        first, second = self.layers(theta)
        W, P = second @ first, self.penalty.unsqueeze(1)
        value, error, _, _ = self._on_logits(W)
        in_map = self._in_map(error, W)
        gradient = self.flat(second.mT @ in_map, in_map @ first.mT)
        return value.mean(-1) + ((W @ P) * W).sum((-2, -1)), gradient

    def hessian(self, theta: Tensor) -> Tensor:
        """[seeds, starts, weights, weights], from the blocks of the two layers."""
        first, second = self.layers(theta)
        W, P, X, n = second @ first, self.penalty.unsqueeze(1), self.X.unsqueeze(1), self._n
        _, error, d, u = self._on_logits(W)
        h, seen = X @ first.mT, u @ second  # [seeds, starts, n, hidden]
        units = torch.eye(self.hidden, dtype=theta.dtype)

        # in W₁ twice: Σ (W₂ᵀ S W₂)[a, b] x xᵀ, one hidden unit a at a time to hold less in memory
        rows = []
        for a in range(self.hidden):
            weight = d @ (second[..., a, None] * second) - seen[..., a, None] * seen
            rows.append(X.mT @ (weight.unsqueeze(-1) * X.unsqueeze(-2)).flatten(-2) / n)
        one_one = torch.stack(rows, -3)  # [.., a, inputs, (b, inputs)]
        one_one = one_one + _kronecker(2 * second.mT @ second, P)
        one_one = one_one.flatten(-3, -2)

        # in W₂ and W₁: Σ (S W₂)[c, b] h[a] x + δ[a, b] times the gradient in W
        by_class = d.unsqueeze(-1) * second.unsqueeze(2) - u.unsqueeze(-1) * seen.unsqueeze(-2)
        moved = by_class.unsqueeze(-2) * h[..., None, :, None]  # [.., n, classes, a, b]
        two_one = (moved.flatten(-3).mT @ X / n).unflatten(-2, (-1, self.hidden, self.hidden))
        two_one = two_one + 2 * torch.einsum("...cb,...aq->...cabq", second, first @ P)
        two_one = two_one + torch.einsum("ab,...cq->...cabq", units, self._in_map(error, W))
        two_one = two_one.flatten(-2).flatten(-3, -2)

        # in W₂ twice: Σ S[c, c'] h hᵀ
        pairs = (h.unsqueeze(-1) * h.unsqueeze(-2)).flatten(-2)
        diagonal = (d.mT @ pairs / n).unflatten(-1, (self.hidden, self.hidden))
        diagonal = diagonal + 2 * (first @ P @ first.mT).unsqueeze(-3)
        outer = (u.unsqueeze(-1) * h.unsqueeze(-2)).flatten(-2)
        two_two = _block_diagonal(diagonal) - outer.mT @ outer / n

        upper = torch.cat([one_one, two_one.mT], -1)
        return torch.cat([upper, torch.cat([two_one, two_two], -1)], -2)

    @property
    def _n(self) -> int:
        return self.X.shape[-2]

    def _on_logits(self, W: Tensor) -> OnLogits:
        return ON_LOGITS[self.loss](self.X.unsqueeze(1) @ W.mT, self.Y.unsqueeze(1))

    def _in_map(self, error: Tensor, W: Tensor) -> Tensor:
        """The gradient in W."""
        return error.mT @ self.X.unsqueeze(1) / self._n + 2 * W @ self.penalty.unsqueeze(1)


def _kronecker(left: Tensor, right: Tensor) -> Tensor:
    """left[a, b] right[p, q] as [.., a, p, (b, q)]."""
    return (left[..., :, None, :, None] * right[..., None, :, None, :]).flatten(-2)


def _block_diagonal(blocks: Tensor) -> Tensor:
    """[.., count, size, size] as one matrix [.., count · size, count · size]."""
    count, size = blocks.shape[-3], blocks.shape[-1]
    matrix = blocks.new_zeros(*blocks.shape[:-3], count, size, count, size)
    chosen = torch.arange(count)
    matrix[..., chosen, :, chosen, :] = blocks.movedim(-3, 0)
    return matrix.flatten(-2).flatten(-3, -2)
