"""The exercises on the path: stubs do not pass, solutions do, near misses are told."""

import re

import pytest

from invlib.closed_form import regularized_optimum
from invlib.exercises.linear.regularization_path import check_crossing, check_error_ratio
from invlib.settings import CHECKOUT


def cells(pattern: str) -> list[str]:
    """The cells of the notebook with these words: first the stub, then the solution."""
    text = (CHECKOUT / "notebooks/linear/regularization_path.py").read_text()
    return [cell for cell in re.split(r"^# %%.*\n", text, flags=re.MULTILINE) if pattern in cell]


def attempts(pattern: str, name: str) -> list:
    found = []
    for cell in cells(pattern):
        space: dict = {"regularized_optimum": regularized_optimum}
        exec(re.split(r"^check_", cell, flags=re.MULTILINE)[0], space)
        found.append(space[name])
    return found


def test_the_stub_of_the_rate_fails_in_words_and_the_solution_passes():
    stub, solution = attempts("def error_ratio", "error_ratio")
    assert "replace the dots" in repr(check_error_ratio(stub))
    assert repr(check_error_ratio(solution)) == "Correct."


def test_the_stub_of_the_crossing_fails_in_words_and_the_solution_passes():
    stub, solution = attempts("meeting = ", "meeting")
    assert "replace the dots" in repr(check_crossing(stub))
    assert repr(check_crossing(solution)) == "Correct."


@pytest.mark.parametrize(
    ("pattern", "given"),
    [
        ("def error_ratio", r"return \(weak.*"),
        ("meeting = ", r"1 / 48"),
    ],
)
def test_the_stub_is_the_solution_but_for_the_dots(pattern, given):
    stub, solution = cells(pattern)
    wanted = re.sub(given, "return ..." if "return" in given else "...", solution)
    assert stub.split("# %%")[0].split() == wanted.split("# %%")[0].split()


def ratio(power: float):
    def attempt(X, Y, group, rank, strength):
        G = group.constraint()
        weak, strong = (
            (regularized_optimum(X, Y, group, rank, s) @ G).norm()
            for s in (strength, 10 * strength)
        )
        return (weak / strong) ** power

    return attempt


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (ratio(-1), "it goes on top"),
        (ratio(2), "ratio of the squares"),
        (lambda *problem: 10.0, "at strength 0.01 the ratio is not 10"),
        (lambda *problem: [1, 2], "one number"),
        (lambda *problem: None, "one number"),
    ],
)
def test_near_misses_of_the_rate_are_told_what_is_wrong(attempt, words):
    answer = check_error_ratio(attempt)
    assert not answer
    assert words in repr(answer)


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (1 / 12, "n is 4"),
        (1 / 24, "G Gᵀ is 4"),
        (1 / 6, "n = 4"),
        (1.0, "8 and 2.471"),
        (-1 / 16, "8 and inf"),
        (True, "a number"),
        ("1/48", "a number"),
    ],
)
def test_near_misses_of_the_crossing_are_told_what_is_wrong(attempt, words):
    answer = check_crossing(attempt)
    assert not answer
    assert words in repr(answer)
