"""Exercises: the stub of the notebook does not pass, its solution does, near misses are told."""

import re

import pytest
import torch

from invlib.exercises.linear.three_ways import check_noninvariant_part
from invlib.groups import rotations
from invlib.settings import CHECKOUT

GROUP = rotations(4)


def cells(pattern: str) -> list[str]:
    """The definitions of a function in the notebook: first the stub, then the solution."""
    text = (CHECKOUT / "notebooks/linear/three_ways.py").read_text()
    return [cell for cell in re.split(r"^# %%.*\n", text, flags=re.MULTILINE) if pattern in cell]


def defined(cell: str):
    space: dict = {}
    exec(cell.split("check_noninvariant_part")[0], space)
    return space["noninvariant_part"]


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
