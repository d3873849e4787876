"""The exercises of genuine/architectures: stubs, solutions, and near misses in words."""

import re

import pytest

from invlib.exercises.genuine.architectures import check_equivariance_error, check_weights
from invlib.settings import CHECKOUT

EXERCISES = {
    "weights": (
        check_weights,
        {
            "outside * 4 * inside * size**2  # the": "...  # the",
            "4 * outside * 4 * inside * size**2": "...",
        },
    ),
    "equivariance_error": (check_equivariance_error, {"layer(image).rot90()  #": "...  #"}),
}


def cells(name: str) -> list[str]:
    """The definitions in the notebook: first the stub, then the solution."""
    text = (CHECKOUT / "notebooks/genuine/architectures.py").read_text(encoding="utf-8")
    parts = re.split(r"^# %%.*\n", text, flags=re.MULTILINE)
    return [part.split(f"check_{name}")[0] for part in parts if f"def {name}(" in part]


def defined(cell: str, name: str):
    space: dict = {}
    exec(cell, space)
    return space[name]


@pytest.mark.parametrize("name", EXERCISES)
def test_the_stub_fails_in_words_and_the_solution_passes(name):
    check, _ = EXERCISES[name]
    stub, solution = (defined(cell, name) for cell in cells(name))
    assert "replace the dots" in repr(check(stub))
    assert repr(check(solution)) == "Correct."


@pytest.mark.parametrize("name", EXERCISES)
def test_the_stub_is_the_solution_but_for_the_dots(name):
    stub, wanted = cells(name)
    for answer, dots in EXERCISES[name][1].items():
        assert answer in wanted
        wanted = wanted.replace(answer, dots)
    assert stub.split() == wanted.split()


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda i, o, k: (i * o * k * k, 16 * i * o * k * k), "learns 36 numbers, you say 9"),
        (lambda i, o, k: (4 * i * o * k * k, 4 * i * o * k * k), "uses 144 numbers, you say 36"),
        (lambda i, o, k: 36, "two numbers"),
        (lambda i, o: (1, 1), "TypeError"),
    ],
)
def test_a_wrong_count_is_told_what_is_wrong(attempt, words):
    answer = check_weights(attempt)
    assert not answer
    assert words in repr(answer)


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda f, x: (f(x.rot90()) - f(x)).abs().max(), "should the output not turn too"),
        (lambda f, x: (f(x.rot90()) - f(x).rot90(-1)).abs().max(), "largest difference is"),
        (lambda f, x: (f(x.rot90()) - f(x).rot90()).abs().mean(), "largest difference is"),
        (lambda f, x: f(x.rot90()) - f(x).rot90(), "one number"),
        (lambda f, x: None, "one number"),
    ],
)
def test_what_is_not_the_equivariance_error_is_told_so(attempt, words):
    answer = check_equivariance_error(attempt)
    assert not answer
    assert words in repr(answer)
