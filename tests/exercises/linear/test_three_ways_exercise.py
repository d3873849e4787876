"""Exercises: the stub of the notebook does not pass, its solution does, near misses are told."""

import re

import pytest
import torch

from invlib.exercises.linear.three_ways import check_factor, check_noninvariant_part
from invlib.groups import rotations
from invlib.settings import CHECKOUT

GROUP = rotations(4)


def cells(pattern: str) -> list[str]:
    """The definitions of a function in the notebook: first the stub, then the solution."""
    text = (CHECKOUT / "notebooks/linear/three_ways.py").read_text()
    return [cell for cell in re.split(r"^# %%.*\n", text, flags=re.MULTILINE) if pattern in cell]


def defined(cell: str, name: str = "noninvariant_part"):
    space: dict = {}
    exec(cell.split(f"check_{name}")[0], space)
    return space[name]


def test_the_stub_fails_in_words_and_the_solution_passes():
    stub, solution = (defined(cell) for cell in cells("def noninvariant_part"))
    assert not check_noninvariant_part(stub, GROUP)
    assert "replace the dots" in repr(check_noninvariant_part(stub, GROUP))
    assert check_noninvariant_part(solution, GROUP)
    assert repr(check_noninvariant_part(solution, GROUP)) == "Correct."


def test_the_stub_is_the_solution_but_for_the_dots():
    stub, solution = cells("def noninvariant_part")
    wanted = re.sub(r"= group\.matrices\(\)\.mean\(0\)", "= ...", solution)
    assert stub.split("check")[0].split() == wanted.split("check")[0].split()


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda W, group: W[0], "shape"),
        (lambda W, group: 3, "shape"),
        (lambda W, group: torch.zeros_like(W), "still changes under a quarter turn"),
        (lambda W, group: W, "you removed more"),
    ],
)
def test_near_misses_are_told_what_is_wrong(attempt, words):
    answer = check_noninvariant_part(attempt, GROUP)
    assert not answer
    assert words in repr(answer)


def test_the_second_stub_fails_in_words_and_its_solution_passes():
    stub, solution = cells("def factor")
    assert "replace the dots" in repr(check_factor(defined(stub, "factor"), GROUP))
    assert repr(check_factor(defined(solution, "factor"), GROUP)) == "Correct."
    wanted = solution.replace("group.matrices()[:k].sum(0)", "...")
    assert stub.split("check")[0] == wanted.split("check")[0]


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda group, k: group.matrices().sum(0), "for k = 1, (I − ρ(g)) S is not I − ρ(g)^1"),
        (lambda group, k: group.matrices()[0], "for k = 2"),
        (lambda group, k: group.matrices()[:k], "a matrix"),
        (lambda group, k: group.matrices()[5], "fails"),
        (lambda group, k: 1, "replace the dots"),
    ],
)
def test_a_wrong_factor_is_told_for_which_power(attempt, words):
    answer = check_factor(attempt, GROUP)
    assert not answer
    assert words in repr(answer)


def test_another_factor_passes_too():
    # G S stays the same when a constant is added to S: constant images are invariant.
    assert check_factor(lambda group, k: group.matrices()[:k].sum(0) + 3.0, GROUP)
