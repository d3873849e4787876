"""The exercise of linear/rank: stub and solution, and near misses in words."""

import re

import pytest

from invlib.exercises.linear.rank import check_first_free_rank
from invlib.settings import CHECKOUT


def cells() -> list[str]:
    """The definitions in the notebook: first the stub, then the solution."""
    text = (CHECKOUT / "notebooks/linear/rank.py").read_text()
    parts = re.split(r"^# %%.*\n", text, flags=re.MULTILINE)
    return [part.split("check_first_free_rank")[0] for part in parts if "def first_free" in part]


def defined(cell: str):
    space: dict = {}
    exec(cell, space)
    return space["first_free_rank"]


def test_the_stub_fails_in_words_and_the_solution_passes():
    stub, solution = (defined(cell) for cell in cells())
    assert "replace the dots" in repr(check_first_free_rank(stub))
    assert repr(check_first_free_rank(solution)) == "Correct."


def test_the_stub_is_the_solution_but_for_the_dots():
    stub, solution = cells()
    wanted = solution.replace("min(group.orbit_basis().shape[1], classes)", "...")
    assert wanted != solution
    assert stub.split() == wanted.split()


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda group, classes: group.orbit_basis().shape[1], "you say 4"),
        (lambda group, classes: classes, "you say 7"),
        (lambda group, classes: 1, "binds"),
        (lambda group, classes: 0, "binds"),
        (lambda group, classes: 2.0, "int, not float"),
        (lambda group, classes: True, "int, not bool"),
        (lambda group: 1, "TypeError"),
    ],
)
def test_near_misses_are_told_what_is_wrong(attempt, words):
    answer = check_first_free_rank(attempt)
    assert not answer
    assert words in repr(answer)
