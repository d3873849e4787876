"""The optima against descent on two-layer networks W₂ W₁ from many random starts."""

import numpy as np
import pytest
from scipy.optimize import minimize

from invlib.closed_form import augmented_optimum, constrained_optimum, regularized_optimum
from invlib.groups import flips, rotations

STARTS = 25
CLASSES, RANK, PIXELS, SAMPLES = 4, 2, 9, 30
TURNS = {
    "rotations": [lambda image, k=k: np.rot90(image, k) for k in range(4)],
    "flips": [lambda image: image, np.fliplr],
}
GROUPS = {"rotations": rotations(3), "flips": flips(3)}


def turned(X: np.ndarray, turn) -> np.ndarray:
    return np.stack([turn(image).ravel() for image in X.reshape(-1, 3, 3)])


def reached_from(start: np.ndarray, design: np.ndarray, targets: np.ndarray) -> float:
    """The loss ‖A (W₂ W₁)ᵀ − T‖² where L-BFGS from this start comes to rest."""

    def loss_and_gradient(parameters):
        W2 = parameters[: CLASSES * RANK].reshape(CLASSES, RANK)
        W1 = parameters[CLASSES * RANK :].reshape(RANK, PIXELS)
        residual = design @ (W2 @ W1).T - targets
        gradient = 2 * residual.T @ design
        flat = np.concatenate([(gradient @ W1.T).ravel(), (W2.T @ gradient).ravel()])
        return (residual**2).sum(), flat

    options = {"maxiter": 5000, "maxfun": 10000, "ftol": 0, "gtol": 1e-8, "maxcor": 30}
    return minimize(loss_and_gradient, start, jac=True, method="L-BFGS-B", options=options).fun


@pytest.mark.parametrize("name", TURNS)
@pytest.mark.parametrize("problem", ["constrained", "augmented", "0.01", "1", "100"])
def test_no_start_gets_below_and_the_best_gets_there(name, problem):
    rng = np.random.default_rng(1)
    X, Y = rng.normal(size=(SAMPLES, PIXELS)), rng.normal(size=(SAMPLES, CLASSES))
    orbit = [turned(X, turn) for turn in TURNS[name]]
    if problem == "constrained":
        W = constrained_optimum(X, Y, GROUPS[name], RANK)
        design, targets = sum(orbit) / len(orbit), Y  # W₂ W₁ Ḡ is any invariant map of rank r
    elif problem == "augmented":
        W = augmented_optimum(X, Y, GROUPS[name], RANK)
        design, targets = np.concatenate(orbit), np.tile(Y, (len(orbit), 1))
    else:
        W = regularized_optimum(X, Y, GROUPS[name], RANK, float(problem))
        penalty = np.eye(PIXELS) - turned(np.eye(PIXELS), TURNS[name][1])  # rows: Gᵀ
        design = np.concatenate([X / SAMPLES**0.5, float(problem) ** 0.5 * penalty])
        targets = np.concatenate([Y / SAMPLES**0.5, np.zeros((PIXELS, CLASSES))])
    starts = rng.normal(size=(STARTS, RANK * (CLASSES + PIXELS)))
    reached = np.array([reached_from(start, design, targets) for start in starts])
    closed_form = ((design @ W.numpy().T - targets) ** 2).sum()
    assert (reached >= closed_form * (1 - 1e-12)).all()
    assert reached.min() <= closed_form * (1 + 1e-6)
