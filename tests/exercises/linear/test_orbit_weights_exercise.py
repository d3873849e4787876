"""The exercise of linear/orbit_weights: its stub does not pass, its solution does."""

import re

import pytest

from invlib.exercises.linear.orbit_weights import check_orbit_of
from invlib.settings import CHECKOUT


def definitions() -> list[str]:
    text = (CHECKOUT / "notebooks/linear/orbit_weights.py").read_text()
    cells = [c for c in re.split(r"^# %%.*\n", text, flags=re.MULTILINE) if "def orbit_of" in c]
    return [cell.split("check_orbit_of")[0] for cell in cells]


def defined(definition: str):
    space: dict = {}
    exec(definition, space)
    return space["orbit_of"]


def test_the_stub_fails_in_words_and_the_solution_passes():
    stub, solution = map(defined, definitions())
    assert "replace the dots" in repr(check_orbit_of(stub, 8))
    for side in (2, 5, 8, 14):
        assert repr(check_orbit_of(solution, side)) == "Correct."
    assert sorted(solution(3, 3, 14)) == [45, 52, 143, 150]


def test_the_stub_is_the_solution_but_for_the_dots():
    stub, solution = definitions()
    assert stub == solution.replace("side * row + column", "...")


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda row, column, side: [side * row + column], "a quarter turn brings"),
        (lambda row, column, side: range(side * side), "no quarter turn brings (0, 0)"),
        (lambda row, column, side: 3, "replace the dots"),
        (lambda row, column, side: None, "replace the dots"),
    ],
)
def test_near_misses_are_told_what_is_wrong(attempt, words):
    answer = check_orbit_of(attempt, 4)
    assert not answer
    assert words in repr(answer)
