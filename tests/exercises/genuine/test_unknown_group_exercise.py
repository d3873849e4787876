"""Exercises of genuine/unknown_group: stubs fail in words, solutions pass, near misses are told."""

import re

import pytest

from invlib.exercises.genuine.unknown_group import check_close, check_score, square_group
from invlib.settings import CHECKOUT

GROUP = square_group()
CASES = {
    "close": (lambda f: check_close(f, GROUP), r"\{group\.compose.*?found\}"),
    "score": (check_score, r"f\(x\)\.var\(0\)\.sum\(\)"),
}


def cells(name: str) -> list[str]:
    text = (CHECKOUT / "notebooks/genuine/unknown_group.py").read_text()
    return [c for c in re.split(r"^# %%.*\n", text, flags=re.MULTILINE) if f"def {name}(" in c]


def defined(cell: str, name: str):
    space: dict = {}
    exec(cell.split(f"check_{name}")[0], space)
    return space[name]


@pytest.mark.parametrize("name", CASES)
def test_the_stub_fails_in_words_and_the_solution_passes(name):
    check, _ = CASES[name]
    stub, solution = (defined(cell, name) for cell in cells(name))
    assert "replace the dots" in repr(check(stub))
    assert repr(check(solution)) == "Correct."


@pytest.mark.parametrize("name", CASES)
def test_the_stub_is_the_solution_but_for_the_dots(name):
    stub, solution = cells(name)
    assert re.sub(CASES[name][1], "...", solution).split("check")[0] == stub.split("check")[0]


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda group, elements: 3, "a set of element numbers"),
        (lambda group, elements: set(elements), "identity"),
        (lambda group, elements: {0, *elements}, "some product"),
        (lambda group, elements: range(group.order), "no product"),
    ],
)
def test_what_is_wrong_with_a_closure_is_said(attempt, words):
    assert words in repr(check_close(attempt, GROUP))


@pytest.mark.parametrize(
    ("spread", "words"),
    [
        (lambda y: y.var(0, correction=0).sum(), "n − 1"),
        (lambda y: 2 * y.var(0).sum(), "factor of two"),
        (lambda y: y.square().sum(), "not the error over the spread"),
        (lambda y: 1.0, "not the error"),
    ],
)
def test_what_is_wrong_with_a_score_is_said(spread, words):
    def attempt(f, x, gx):
        return (f(x) - f(gx)).square().sum(1).mean() / 2 / spread(f(x))

    assert words in repr(check_score(attempt))
