"""The exercise of linear/closed_forms: stub and solution, and near misses in words."""

import re

import pytest
import torch

from invlib.exercises.linear.closed_forms import check_truncate
from invlib.settings import CHECKOUT


def cells() -> list[str]:
    """The definitions in the notebook: first the stub, then the solution."""
    text = (CHECKOUT / "notebooks/linear/closed_forms.py").read_text()
    parts = re.split(r"^# %%.*\n", text, flags=re.MULTILINE)
    return [part.split("check_truncate")[0] for part in parts if "def truncate" in part]


def defined(cell: str):
    space: dict = {}
    exec(cell, space)
    return space["truncate"]


def test_the_stub_fails_in_words_and_the_solution_passes():
    stub, solution = (defined(cell) for cell in cells())
    assert "replace the dots" in repr(check_truncate(stub))
    assert repr(check_truncate(solution)) == "Correct."


def test_the_stub_is_the_solution_but_for_the_dots():
    stub, solution = cells()
    wanted = solution.replace("U[:, :r] * s[:r] @ V[:, :r].mT", "...")
    assert wanted != solution
    assert stub.split() == wanted.split()


def largest_columns(A, r):
    kept = torch.zeros_like(A)
    columns = A.norm(dim=0).topk(r).indices
    kept[:, columns] = A[:, columns]
    return kept


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda A, r: 3, "tensor of shape"),
        (lambda A, r: A[:1], "tensor of shape"),
        (lambda A, r: A, "came back with more rank"),
        (lambda A, r: A * torch.nan, "NaN"),
        (lambda A, r: torch.zeros_like(A), "is possible"),
        (largest_columns, "is possible"),
        (lambda A: A, "TypeError"),
    ],
)
def test_near_misses_are_told_what_is_wrong(attempt, words):
    answer = check_truncate(attempt)
    assert not answer
    assert words in repr(answer)
