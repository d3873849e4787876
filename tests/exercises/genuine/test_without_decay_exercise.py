"""The exercises of genuine/without_decay: stubs fail in words, solutions pass, slips are named."""

import re

import pytest

from invlib.exercises.genuine.without_decay import check_ratio_gradient, check_scale_free
from invlib.settings import CHECKOUT


def attempts(name: str) -> list:
    """The functions of this name in the notebook: first the stub, then the solution."""
    text = (CHECKOUT / "notebooks/genuine/without_decay.py").read_text()
    cells = re.split(r"^# %%.*\n", text, flags=re.MULTILINE)
    found = []
    for cell in (cell for cell in cells if f"def {name}" in cell):
        space: dict = {}
        exec(re.split(r"^check_", cell, flags=re.MULTILINE)[0], space)
        found.append(space[name])
    return found


@pytest.mark.parametrize(
    ("name", "check"),
    [("scale_free", check_scale_free), ("ratio_gradient", check_ratio_gradient)],
)
def test_stubs_fail_in_words_and_solutions_pass(name, check):
    stub, solution = attempts(name)
    assert "replace the dots" in repr(check(stub))
    assert repr(check(solution)) == "Correct."


def ratio(spread):
    return lambda a, b: (a - b).square().sum(1).mean() / 2 / spread(a, b)


@pytest.mark.parametrize(
    ("spread", "words"),
    [
        (lambda a, b: 1.0, "give 9 times"),
        (lambda a, b: a.var(0).sum().sqrt(), "give 3 times"),
        (lambda a, b: a.square().sum(1).mean(), "offset"),
        (lambda a, b: a.var(0, correction=0).sum(), "where the ratio is"),
    ],
)
def test_near_misses_of_the_penalty_are_told_what_is_wrong(spread, words):
    assert words in repr(check_scale_free(ratio(spread)))


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda W, A, B: W @ A / (W @ B * W).sum(), "inner product with W is not zero"),
        (lambda W, A, B: 2 * attempts("ratio_gradient")[1](W, A, B), "check the factors"),
        (lambda W, A, B: 1.0, "the shape of W"),
    ],
)
def test_near_misses_of_the_gradient_are_told_what_is_wrong(attempt, words):
    assert words in repr(check_ratio_gradient(attempt))
