"""Gradient flow of the invariance error on a linear map, solved (genuine, Proposition 3.1).

For x ↦ W x the logit invariance error is LI = ½ mean ‖W ε‖² over the differences ε = x − g x, that
is ½ tr(W Σ Wᵀ) with Σ = mean ε εᵀ. Its gradient is W Σ, so the flow is dW/dt = −W Σ and

    W(t) = W(0) exp(−Σ t) → W(0) (I − P),   P the projection on the span of all ε.

E = exp(−Σ t) is symmetric with eigenvalues in (0, 1], and σ_i(W E) ≤ σ_i(W) ‖E‖₂ ≤ σ_i(W). As
W(t + s) = W(t) exp(−Σ s), no singular value ever grows. Nor does one vanish at will: W(0) − W(t)
has at most the rank r of Σ, so σ_i(t) ≥ σ_{i+r}(0) for all t.

With a squared error on targets beside the penalty the flow is dW/dt = B − W A for another symmetric
A, and is solved in the same coordinates.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from invlib.closed_form.reduced_rank import RELATIVE_TOLERANCE
from invlib.errors import UsageError
from invlib.groups import Group


@dataclass(frozen=True)
class LinearFlow:
    """dW/dt = B − W A for a symmetric A without negative eigenvalues, and steps along it."""

    values: Tensor  # the eigenvalues of A, ascending; what is zero up to rounding is 0
    vectors: Tensor  # one eigenvector per column

    @property
    def rank(self) -> int:
        """The number of directions that the flow moves along without a drive B."""
        return int((self.values > 0).sum())

    @property
    def largest_rate(self) -> float:
        """2 / λ_max: gradient descent with a larger step makes some W grow; infinite for A = 0."""
        return 2 / float(self.values[-1]) if self.rank else float("inf")

    def flow(self, W: Tensor, time: float, drive: Tensor | None = None) -> Tensor:
        """W(t) from W(0) = W; `drive` is B, zero if not given."""
        if not time >= 0:
            raise UsageError(f"time is {time!r}; it must be a number of at least 0.")
        return self._moved(W, torch.expm1(-self.values * time), time, drive)

    def descent(self, W: Tensor, rate: float, steps: int, drive: Tensor | None = None) -> Tensor:
        """Where gradient descent W ← W − rate (W A − B) stands after some steps."""
        if not rate > 0 or steps < 0:
            raise UsageError(
                f"rate is {rate!r} and steps {steps!r}; they must be above 0 and at least 0."
            )
        return self._moved(W, (1 - rate * self.values) ** steps - 1, rate * steps, drive)

    def limit(self, W: Tensor, drive: Tensor | None = None) -> Tensor:
        """W(∞). A drive along a direction that A leaves alone has none and is refused."""
        still = self.values == 0
        if drive is not None:
            along = (drive.double() @ self.vectors)[..., still]
            if along.numel() and along.abs().max() > RELATIVE_TOLERANCE**0.5 * drive.abs().max():
                raise UsageError(
                    "there is no limit: B pushes along a direction that A leaves alone."
                )
        return self._moved(W, -(~still).to(self.values), 0.0, drive)

    def singular_values(self, W: Tensor, times: Tensor) -> Tensor:
        """Those of W(t) without a drive, descending, at each of some times: [times, values]."""
        coordinates = W.double() @ self.vectors
        decay = torch.exp(-self.values * times.double()[:, None])
        return torch.linalg.svdvals(coordinates * decay[:, None, :])

    def _moved(self, W: Tensor, change: Tensor, time: float, drive: Tensor | None) -> Tensor:
        """W + (W − B/λ) change, direction by direction; where λ = 0 it is W + B time."""
        found = (W.double() @ self.vectors) * change
        if drive is not None:
            still = self.values == 0
            weight = torch.where(still, time, -change / torch.where(still, 1, self.values))
            found = found + (drive.double() @ self.vectors) * weight
        return W.double() + found @ self.vectors.mT


def invariance_flow(differences: Tensor) -> LinearFlow:
    """The flow of LI for differences ε [n, pixels]: one row is the rank-one case of the paper."""
    return linear_flow(second_moment(differences))


def rank_one_flow(W: Tensor, eps: Tensor, time: float) -> Tensor:
    """The same for a single difference ε [pixels], without a factorization; time may be infinite.

    exp(−t ε εᵀ) = I − (1 − exp(−t εᵀε)) ε εᵀ / εᵀε.
    """
    if not time >= 0:
        raise UsageError(f"time is {time!r}; it must be a number of at least 0.")
    W, eps = W.double(), eps.double()
    square = eps.dot(eps)
    if square == 0:
        return W
    return W + torch.expm1(-time * square) / square * torch.outer(W @ eps, eps)


def linear_flow(A: Tensor) -> LinearFlow:
    """The flow of a symmetric matrix A; one with a negative eigenvalue is refused."""
    if A.ndim != 2 or A.shape[0] != A.shape[1] or not torch.allclose(A, A.mT):
        raise UsageError(f"A has shape {list(A.shape)}; it must be symmetric.")
    values, vectors = torch.linalg.eigh(A.double())
    tolerance = len(A) * RELATIVE_TOLERANCE * values.abs().max()
    if values[0] < -tolerance:
        raise UsageError(f"A has the eigenvalue {float(values[0]):g}; none may be negative.")
    return LinearFlow(torch.where(values > tolerance, values, 0.0), vectors)


def orbit_differences(x: Tensor, group: Group) -> Tensor:
    """ε = x − g x for images x [n, pixels] and all g ≠ e: [n (order − 1), pixels]."""
    return (x.unsqueeze(-2) - group.orbit(x)[..., 1:, :]).flatten(0, -2)


def second_moment(differences: Tensor) -> Tensor:
    """Σ = mean ε εᵀ, in float64."""
    if differences.ndim != 2 or 0 in differences.shape:
        raise UsageError(
            f"differences has shape {list(differences.shape)}; it must be [n, pixels] with n ≥ 1."
        )
    eps = differences.double()
    return eps.mT @ eps / len(eps)


def exposure(W: Tensor, sigma: Tensor) -> Tensor:
    """v_iᵀ Σ v_i for the right singular vectors of W: −d log σ_i / dt under the flow of LI.

    It is the derivative where σ_i is simple. Zero, exactly if Σ v_i = 0, means that the flow never
    changes σ_i: v_i is seen by no difference ε.
    """
    V = torch.linalg.svd(W.double(), full_matrices=False).Vh
    return ((V @ sigma.double()) * V).sum(-1)
