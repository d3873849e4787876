"""The exercises of genuine/tradeoff: stubs fail in words, solutions pass, slips are named."""

import re

import pytest

from invlib.exercises.genuine.tradeoff import check_knee, check_relative_error
from invlib.settings import CHECKOUT


def cells(pattern: str) -> list[str]:
    """The cells of the notebook with these words: first the stub, then the solution."""
    text = (CHECKOUT / "notebooks/genuine/tradeoff.py").read_text()
    return [cell for cell in re.split(r"^# %%.*\n", text, flags=re.MULTILINE) if pattern in cell]


def attempts(pattern: str, name: str) -> list:
    found = []
    for cell in cells(pattern):
        space: dict = {}
        exec(re.split(r"^check_", cell, flags=re.MULTILINE)[0], space)
        found.append(space[name])
    return found


def test_the_stub_of_the_relative_error_fails_in_words_and_the_solution_passes():
    stub, solution = attempts("def relative_error", "relative_error")
    assert "replace the dots" in repr(check_relative_error(stub))
    assert repr(check_relative_error(solution)) == "Correct."


def test_the_stub_of_the_knee_fails_in_words_and_the_solution_passes():
    stub, solution = attempts("place = ", "place")
    assert "replace the dots" in repr(check_knee(stub))
    assert repr(check_knee(solution)) == "Correct."


def ratio(spread):
    return lambda a, b: (a - b).square().sum(1).mean() / 2 / spread(a)


@pytest.mark.parametrize(
    ("spread", "words"),
    [
        (lambda a: a.var(0, correction=0).mean(), "mean"),
        (lambda a: a.var(0).sum(), "n − 1"),
        (lambda a: a.square().sum(1).mean(), "offset"),
        (lambda a: 1.0, "for the test logits"),
    ],
)
def test_near_misses_are_told_what_is_wrong(spread, words):
    answer = check_relative_error(ratio(spread))
    assert not answer
    assert words in repr(answer)


@pytest.mark.parametrize(
    ("place", "words"), [(0, "chord"), (3, "chord"), (1, "share"), (True, "0, 1")]
)
def test_other_places_are_told_what_is_wrong(place, words):
    assert words in repr(check_knee(place))
