"""The exercise of linear/kernels: its stub does not pass, its solution does."""

import re

import pytest

from invlib.closed_form.relu_ntk import averaged_relu_ntk, relu_ntk
from invlib.exercises.linear.kernels import check_averaged_kernel
from invlib.groups import rotations
from invlib.settings import CHECKOUT

GROUP = rotations(4)


def cells() -> list[str]:
    text = (CHECKOUT / "notebooks/linear/kernels.py").read_text()
    found = re.split(r"^# %%.*\n", text, flags=re.MULTILINE)
    return [cell for cell in found if "def averaged_kernel" in cell]


def defined(cell: str):
    space: dict = {"relu_ntk": relu_ntk}
    exec(cell.split("check_averaged_kernel")[0], space)
    return space["averaged_kernel"]


def test_the_stub_fails_in_words_and_the_solution_passes():
    stub, solution = (defined(cell) for cell in cells())
    assert "replace the dots" in repr(check_averaged_kernel(stub, GROUP))
    assert repr(check_averaged_kernel(solution, GROUP)) == "Correct."


def test_the_stub_is_the_solution_but_for_the_dots():
    stub, solution = cells()
    wanted = re.sub(r"= group\.orbit\(other\)", "= ...", solution)
    assert stub.split("check")[0].split() == wanted.split("check")[0].split()


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda x, other, group: 3, "shape"),
        (lambda x, other, group: relu_ntk(x, x), "shape"),
        (lambda x, other, group: relu_ntk(x, other), "changes when x turns"),
        (lambda x, other, group: 2 * averaged_relu_ntk(x, other, group), "not the mean"),
        (
            lambda x, other, group: averaged_relu_ntk(x, other, group) + other[:, 0],
            "changes when x' turns",
        ),
    ],
)
def test_near_misses_are_told_what_is_wrong(attempt, words):
    answer = check_averaged_kernel(attempt, GROUP)
    assert not answer
    assert words in repr(answer)
