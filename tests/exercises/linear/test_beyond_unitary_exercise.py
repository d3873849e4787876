"""The exercise of linear/beyond_unitary: its stub does not pass, its solution does."""

import re

import pytest
import torch

from invlib.exercises.linear.beyond_unitary import check_kept_form
from invlib.groups.lattice import lattice
from invlib.settings import CHECKOUT

MATRICES = lattice(6, 2).matrices()


def cells() -> list[str]:
    text = (CHECKOUT / "notebooks/linear/beyond_unitary.py").read_text()
    found = re.split(r"^# %%.*\n", text, flags=re.MULTILINE)
    return [cell for cell in found if "def kept_form" in cell]


def defined(cell: str):
    space: dict = {}
    exec(cell.split("check_kept_form")[0], space)
    return space["kept_form"]


def test_the_stub_fails_in_words_and_the_solution_passes():
    stub, solution = (defined(cell) for cell in cells())
    assert "replace the dots" in repr(check_kept_form(stub, MATRICES))
    assert repr(check_kept_form(solution, MATRICES)) == "Correct."


def test_the_stub_is_the_solution_but_for_the_dots():
    stub, solution = cells()
    wanted = re.sub(r"= matrices\.mT @ matrices", "= ...", solution)
    assert stub.split("check")[0].split() == wanted.split("check")[0].split()


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda m: 3, "one matrix"),
        (lambda m: m, "one matrix"),
        (lambda m: m[1], "not symmetric"),
        (lambda m: torch.zeros(6, 6), "not positive definite"),
        (lambda m: torch.eye(6), "changes it"),
        (lambda m: (m @ m.mT).mean(0), "changes it"),
    ],
)
def test_near_misses_are_told_what_is_wrong(attempt, words):
    answer = check_kept_form(attempt, MATRICES)
    assert not answer
    assert words in repr(answer)
