"""Exercises: the stub of the notebook does not pass, its solution does, near misses are told."""

import re

import pytest

from invlib.exercises.linear.cross_entropy import (
    check_cross_entropy_gradient,
    check_same_predictions,
)
from invlib.groups import rotations
from invlib.settings import CHECKOUT

GROUP = rotations(4)
CHECKS = {
    "cross_entropy_gradient": check_cross_entropy_gradient,
    "same_predictions": lambda attempt: check_same_predictions(attempt, GROUP),
}
ANSWERS = {
    "cross_entropy_gradient": r"return \(p - Y\)\.T @ X / len\(X\)",
    "same_predictions": r"return W \+ v",
}


def cells(name):
    """The definitions of a function in the notebook: first the stub, then the solution."""
    text = (CHECKOUT / "notebooks/linear/cross_entropy.py").read_text()
    parts = re.split(r"^# %%.*\n", text, flags=re.MULTILINE)
    return [cell for cell in parts if f"def {name}(" in cell]


def defined(cell, name):
    space: dict = {}
    exec(cell.split(f"check_{name}")[0], space)
    return space[name]


@pytest.mark.parametrize("name", CHECKS)
def test_the_stub_fails_in_words_and_the_solution_passes(name):
    stub, solution = (defined(cell, name) for cell in cells(name))
    assert not CHECKS[name](stub)
    assert "the result should be a tensor" in repr(CHECKS[name](stub))
    assert repr(CHECKS[name](solution)) == "Correct."


@pytest.mark.parametrize("name", CHECKS)
def test_the_stub_is_the_solution_but_for_the_dots(name):
    stub, solution = cells(name)
    wanted = re.sub(ANSWERS[name], "return ...", solution)
    assert wanted != solution
    assert stub.split(f"check_{name}")[0].split() == wanted.split(f"check_{name}")[0].split()


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda W, X, Y: (Y - (X @ W.T).softmax(-1)).T @ X / len(X), "sign"),
        (lambda W, X, Y: ((X @ W.T).softmax(-1) - Y).T @ X, "sum over samples"),
        (lambda W, X, Y: (X @ W.T - Y).T @ X / len(X), "rows of the gradient"),
        (lambda W, X, Y: 0 * W, "another gradient"),
        (lambda W, X, Y: X + ..., "replace the dots"),
    ],
)
def test_wrong_gradients_are_told_what_is_wrong(attempt, words):
    assert words in repr(check_cross_entropy_gradient(attempt))


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda W, v: W, "still invariant"),
        (lambda W, v: W + 1, "still invariant"),
        (lambda W, v: 2 * W, "the softmax changes"),
        (lambda W, v: v, "shape"),
        (lambda W, v: W + ..., "replace the dots"),
    ],
)
def test_wrong_maps_are_told_what_is_wrong(attempt, words):
    assert words in repr(check_same_predictions(attempt, GROUP))
