"""Exercises: the stubs of the notebook do not pass, their solutions do, near misses are told."""

import re

import pytest

from invlib.exercises.linear.noninvariant_part import check_cross_term, check_threshold
from invlib.groups import rotations
from invlib.settings import CHECKOUT

GROUP = rotations(4)
CHECKS = {
    "cross_term": lambda attempt: check_cross_term(attempt, GROUP),
    "threshold": check_threshold,
}
DOTS = {
    "cross_term": r"= 2 \* \(\(inside @ A\) \* \(W - inside\)\)\.sum\(\)",
    "threshold": r"return 1 / \(1 \+ kappa\)",
}


def cells(name: str) -> list[str]:
    """The definitions of a function in the notebook: first the stub, then the solution."""
    text = (CHECKOUT / "notebooks/linear/noninvariant_part.py").read_text()
    cells = re.split(r"^# %%.*\n", text, flags=re.MULTILINE)
    return [cell for cell in cells if f"def {name}(" in cell]


def defined(cell: str, name: str):
    space: dict = {}
    exec(cell.split(f"check_{name}")[0], space)
    return space[name]


@pytest.mark.parametrize("name", CHECKS)
def test_the_stub_fails_in_words_and_the_solution_passes(name):
    stub, solution = (defined(cell, name) for cell in cells(name))
    assert "replace the dots" in repr(CHECKS[name](stub))
    assert repr(CHECKS[name](solution)) == "Correct."


@pytest.mark.parametrize("name", CHECKS)
def test_the_stub_is_the_solution_but_for_the_dots(name):
    stub, solution = cells(name)
    wanted, count = re.subn(DOTS[name], lambda found: found[0].split()[0] + " ...", solution)
    assert count == 1
    assert stub.split(f"check_{name}")[0].split() == wanted.split(f"check_{name}")[0].split()


def average(W, group):
    return W @ group.reynolds()


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda W, X, group: W, "one number"),
        (lambda W, X, group: 0.0, "on plain X it should not vanish"),
        (lambda W, X, group: (W @ X.T).square().sum(), "it should vanish"),
        (
            lambda W, X, group: (average(W, group) @ X.T @ X * (W - average(W, group))).sum(),
            "it should be",
        ),
    ],
)
def test_near_misses_of_the_cross_term_are_told(attempt, words):
    answer = check_cross_term(attempt, GROUP)
    assert not answer
    assert words in repr(answer)


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda kappa: "1", "still a rise just above|no rise just below"),
        (lambda kappa: None, "one number"),
        (lambda kappa: 1 / kappa, "between 0 and 1|no rise just below"),
        (lambda kappa: 0.5 / (1 + kappa), "still a rise just above"),
        (lambda kappa: kappa - kappa, "between 0 and 1"),
    ],
)
def test_near_misses_of_the_threshold_are_told(attempt, words):
    answer = check_threshold(attempt)
    assert not answer
    assert re.search(words, repr(answer))
