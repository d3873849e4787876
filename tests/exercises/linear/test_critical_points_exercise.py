"""Exercises: the stub of the notebook does not pass, its solution does, near misses are told."""

import re

import pytest

from invlib.exercises.linear.critical_points import check_saddle_loss, check_ways_down
from invlib.settings import CHECKOUT

CHECKS = {
    "saddle_loss": (check_saddle_loss, r"return squares\.sum\(\) - squares\[kept\]\.sum\(\)"),
    "ways_down_from": (check_ways_down, r"return sum\(j < i for i in kept for j in dropped\)"),
}


def cells(name: str) -> list[str]:
    """The definitions of a function in the notebook: first the stub, then the solution."""
    text = (CHECKOUT / "notebooks/linear/critical_points.py").read_text()
    found = re.split(r"^# %%.*\n", text, flags=re.MULTILINE)
    return [cell.split("\ncheck_")[0] for cell in found if f"def {name}(" in cell]


def defined(cell: str, name: str):
    space: dict = {}
    exec(cell, space)
    return space[name]


@pytest.mark.parametrize("name", CHECKS)
def test_the_stub_fails_in_words_and_the_solution_passes(name):
    check, _ = CHECKS[name]
    stub, solution = (defined(cell, name) for cell in cells(name))
    assert not check(stub)
    assert "replace the dots" in repr(check(stub))
    assert check(solution)
    assert repr(check(solution)) == "Correct."


@pytest.mark.parametrize("name", CHECKS)
def test_the_stub_is_the_solution_but_for_the_dots(name):
    stub, solution = cells(name)
    assert stub.split() == re.sub(CHECKS[name][1], "return ...", solution).split()


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda s, kept: (s[kept] ** 2).sum(), "what is lost is the others"),
        (lambda s, kept: ((s**2).sum() - (s[kept] ** 2).sum()) ** 0.5, "the loss is its square"),
        (lambda s, kept: 0, "not 0.0000"),
        (lambda s, kept: s, "replace the dots"),
    ],
)
def test_near_misses_on_the_loss(attempt, words):
    answer = check_saddle_loss(attempt)
    assert not answer
    assert words in repr(answer)


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda kept, total: 1, "the minimum keeps"),
        (lambda kept, total: sum(kept) - 1 if kept != [0, 3] else 0, "gives 2, not 0"),
        (lambda kept, total: None, "replace the dots"),
    ],
)
def test_near_misses_on_ways_down(attempt, words):
    answer = check_ways_down(attempt)
    assert not answer
    assert words in repr(answer)
