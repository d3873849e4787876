"""Exercises: the stubs of the notebook do not pass, its solutions do, near misses are told."""

import re

import pytest

from invlib.exercises.linear.nonlinear import check_invariance_error, check_two_units
from invlib.groups import rotations
from invlib.settings import CHECKOUT

GROUP = rotations(4)
CHECKS = {
    "invariance_error": lambda attempt: check_invariance_error(attempt, GROUP),
    "two_units": check_two_units,
}


def cells(name: str) -> list[str]:
    """The definitions of a function in the notebook: first the stub, then the solution."""
    text = (CHECKOUT / "notebooks/linear/nonlinear.py").read_text(encoding="utf-8")
    found = re.split(r"^# %%.*\n", text, flags=re.MULTILINE)
    return [cell.split("\ncheck_")[0] for cell in found if f"def {name}(" in cell]


def defined(cell: str, name: str):
    space: dict = {}
    exec(cell, space)
    return space[name]


@pytest.mark.parametrize("name", CHECKS)
def test_the_stub_fails_in_words_and_the_solution_passes(name):
    stub, solution = (defined(cell, name) for cell in cells(name))
    assert not CHECKS[name](stub)
    assert "replace the dots" in repr(CHECKS[name](stub))
    assert repr(CHECKS[name](solution)) == "Correct."


@pytest.mark.parametrize("name", CHECKS)
def test_the_stub_is_the_solution_but_for_the_dots(name):
    stub, solution = (cell.strip().splitlines() for cell in cells(name))
    assert len(stub) == len(solution)
    for dotted, full in zip(stub, solution, strict=True):
        before, dots, after = dotted.partition("...")
        assert full.startswith(before)
        assert dots or dotted == full
        assert full.endswith(after)


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda f, x, g: ((1 - f(g.orbit(x)) / f(x[None])) ** 2).mean(), "divide by f̄"),
        (lambda f, x, g: f(g.orbit(x)).var(correction=0), "relative to f̄"),
        (lambda f, x, g: f(g.orbit(x)).var() / f(g.orbit(x)).mean() ** 2, "not by |𝒢| − 1"),
        (lambda f, x, g: ((1 - f(g.orbit(x)) / f(g.orbit(x)).mean()) ** 2).sum(), "not the sum"),
        (lambda f, x, g: (1 - f(g.orbit(x)) / f(g.orbit(x)).mean()).mean(), "square before"),
        (lambda f, x, g: f(g.orbit(x)), "one number"),
        (lambda f, x, g: 0.0, "is not ε_inv"),
        (lambda f, x, g: None, "replace the dots"),
    ],
)
def test_near_misses_of_the_error_are_told_what_is_wrong(attempt, words):
    answer = check_invariance_error(attempt, GROUP)
    assert not answer
    assert words in repr(answer)


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda: ([[1.0, 1.0]], [[1.0]]), "shape"),
        (lambda: ([[0.5, -0.5], [0.5, -0.5]], [[1.0, 1.0]]), "at (1, -1) the network says 2"),
        (lambda: ([[0.5, -0.5], [1.0, 0.0]], [[1.0, 0.0]]), "at (-1, 1) the network says 0"),
        (lambda: 3, "replace the dots"),
    ],
)
def test_near_misses_of_the_two_units_are_told_what_is_wrong(attempt, words):
    answer = check_two_units(attempt)
    assert not answer
    assert words in repr(answer)
