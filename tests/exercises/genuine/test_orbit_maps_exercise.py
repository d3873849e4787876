"""The exercise of genuine/orbit_maps: its stub does not pass, its solution does."""

import re

import pytest

from invlib.exercises.genuine.orbit_maps import check_aligned
from invlib.settings import CHECKOUT

TEXT = (CHECKOUT / "notebooks/genuine/orbit_maps.py").read_text(encoding="utf-8")
CELLS = [c for c in re.split(r"^# %%.*\n", TEXT, flags=re.MULTILINE) if "def aligned" in c]
STUB, SOLUTION = (cell.split("check_")[0] for cell in CELLS)


def defined(code: str):
    space: dict = {}
    exec(code, space)
    return space["aligned"]


def test_the_stub_fails_in_words_and_the_solution_passes():
    assert "replace the dots" in repr(check_aligned(defined(STUB)))
    assert repr(check_aligned(defined(SOLUTION))) == "Correct."
    assert STUB.split() == SOLUTION.replace("group.act(saliency, group.inverse(k))", "...").split()


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda saliency, k, group: saliency, "still in the pose"),
        (lambda saliency, k, group: group.act(saliency, k), "moved them on"),
        (lambda saliency, k, group: group.act(saliency, 1), "k = 1 of the rotations"),
        (lambda saliency, k, group: group.act(saliency, 3), "k = 2 of the rotations"),
        (lambda saliency, k, group: group.act(saliency, 4 - k), "translations"),
        (lambda saliency, k, group: saliency[0], "replace the dots"),
        (lambda saliency, k, group: 1 / 0, "replace the dots (ZeroDivisionError"),
    ],
)
def test_near_misses_are_told_what_is_wrong(attempt, words):
    answer = check_aligned(attempt)
    assert not answer
    assert words in repr(answer)
