"""How many digits of the regularized optimum survive in float64, two ways to compute it.

Proposition 8 read literally takes inverse square roots of XXᵀ and of B(λ)². The library solves the
same problem without forming a square (`invlib.closed_form`). Both are held against fifty-digit
arithmetic, on small random problems whose inputs spread over several decades.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from invlib.closed_form import regularized_optimum
from invlib.config import Config, option
from invlib.experiment import RANDOM, Experiment, Outcome, Report
from invlib.groups import Group, rotations
from invlib.training.seeds import stream

SIDE, CLASSES, SAMPLES, RANK = 3, 4, 15, 2
DIGITS = 50
ROUNDING = float(np.finfo(float).eps)  # a smaller error is not told apart from none


@dataclass(frozen=True)
class Precision(Config):
    """A random problem of 3x3 images; the seed draws it."""

    decades: int = option(5, "how far the inputs' singular values spread, in decades", low=0)
    every: int = option(1, "decades of λ between two points", low=1)

    @property
    def label(self) -> str:
        return f"decades={self.decades}"


def draw(decades: float, seed: int) -> tuple[Tensor, Tensor, Group]:
    """X and Y of a problem whose input directions spread over the given number of decades."""
    generator = stream(seed, "precision")

    def normal(*shape: int) -> Tensor:
        return torch.randn(shape, generator=generator, dtype=torch.float64)

    pixels = SIDE**2
    turn = torch.linalg.qr(normal(pixels, pixels)).Q
    X = normal(SAMPLES, pixels) * torch.logspace(0, -decades, pixels, dtype=torch.float64) @ turn
    Y = X @ normal(pixels, CLASSES) * 10 ** (decades / 2) + normal(SAMPLES, CLASSES)
    return X, Y, rotations(SIDE)


def exact(X: Tensor, Y: Tensor, group: Group, strength: float) -> np.ndarray:
    """U_r U_rᵀ W with W the solution of W M = Yᵀ X, M = XᵀX + n λ G Gᵀ, all in fifty digits."""
    import mpmath

    with mpmath.workdps(DIGITS):
        x, y = mpmath.matrix(X.tolist()), mpmath.matrix(Y.tolist())
        G = mpmath.matrix(group.constraint().tolist())
        M = x.T * x + len(X) * mpmath.mpf(strength) * G * G.T
        full = (mpmath.inverse(M) * x.T * y).T
        _, U = mpmath.eigsy(full * M * full.T)  # ascending
        leading = U[:, full.rows - RANK :]
        return np.array((leading * (leading.T * full)).tolist(), dtype=float)


def by_inverse_square_roots(X: Tensor, Y: Tensor, group: Group, strength: float) -> np.ndarray:
    """Proposition 8 as it is written, with P and B(λ) from eigenvalues, in double precision."""
    x, y, G = X.numpy().T, Y.numpy().T, group.constraint().numpy()

    def inverse_root(square: np.ndarray) -> np.ndarray:
        values, vectors = np.linalg.eigh(square)
        return vectors / np.sqrt(values.clip(1e-16 * values.max())) @ vectors.T

    inverse_P = inverse_root(x @ x.T)
    tilted = inverse_P @ G
    inverse_B = inverse_root(np.eye(len(x)) + x.shape[1] * strength * tilted @ tilted.T)
    U, s, Vt = np.linalg.svd(y @ x.T @ inverse_P @ inverse_B)
    return U[:, :RANK] * s[:RANK] @ Vt[:RANK] @ inverse_B @ inverse_P


def relative_error(found: np.ndarray | Tensor, wanted: np.ndarray) -> float:
    """‖found − wanted‖ / ‖wanted‖ in Frobenius norms."""
    return float(np.linalg.norm(np.asarray(found) - wanted) / np.linalg.norm(wanted))


def measure(config: Precision, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """Both errors at every strength from 1e-8 to 1e10, one random problem per seed."""
    exponents = np.arange(-8, 11, config.every)
    outcomes = []
    for done, seed in enumerate(seeds):  # fifty-digit arithmetic knows no batches
        X, Y, group = draw(config.decades, seed)
        library, written = [], []
        for strength in (10.0**exponents).tolist():
            wanted = exact(X, Y, group, strength)
            library.append(relative_error(regularized_optimum(X, Y, group, RANK, strength), wanted))
            written.append(relative_error(by_inverse_square_roots(X, Y, group, strength), wanted))
        curves = {
            "exponent": exponents,
            "library": np.maximum(library, ROUNDING),
            "written": np.maximum(written, ROUNDING),
        }
        metrics = {"library_worst": max(library), "written_worst": max(written)}
        outcomes.append(Outcome(metrics, curves))
        report(f"precision {config.label}", (done + 1) / len(seeds))
    return outcomes


EXPERIMENT = Experiment(
    name="linear/precision",
    module="invlib.studies.linear.precision",
    attribute="EXPERIMENT",
    config=Precision,
    data=lambda config: RANDOM,
    run=measure,
    label=lambda config: config.label,
)
