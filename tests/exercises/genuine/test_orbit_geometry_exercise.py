"""The exercise of genuine/orbit_geometry: its stub does not pass, its solution does."""

import re

import pytest

from invlib.exercises.genuine.orbit_geometry import check_orbit_over_class
from invlib.metrics.orbit_geometry import distances
from invlib.settings import CHECKOUT

TEXT = (CHECKOUT / "notebooks/genuine/orbit_geometry.py").read_text(encoding="utf-8")
CELLS = [c for c in re.split(r"^# %%.*\n", TEXT, flags=re.MULTILINE) if "def orbit_over_class" in c]
STUB, SOLUTION = (cell.split("check_")[0] for cell in CELLS)


def defined(code: str):
    space: dict = {}
    exec(code, space)
    return space["orbit_over_class"]


def test_the_stub_fails_in_words_and_the_solution_passes():
    assert "different ones of one class" in repr(check_orbit_over_class(defined(STUB)))
    assert repr(check_orbit_over_class(defined(SOLUTION))) == "Correct."
    wanted = SOLUTION.replace("i != j and labels[i] == labels[j]", "...")
    assert STUB.split() == wanted.split()


def ratio(features, labels, **change):
    own = distances(features, labels)
    values = {"top": own.within_orbit, "bottom": own.within_class}
    values |= {name: getattr(own, where) for name, where in change.items()}
    return values["top"] / values["bottom"]


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda f, y: 1 / ratio(f, y), "the inverse"),
        (lambda f, y: ratio(f, y, bottom="between_classes"), "pairs of two classes"),
        (lambda f, y: ratio(f, y) * 2 / 3, "distance to itself"),
        (lambda f, y: f, "one number"),
        (lambda f, y: ..., "one number"),
        (lambda f, y: f[99], "replace the dots"),
        (lambda f, y: 1.0, "is not right"),
    ],
)
def test_near_misses_are_told_what_is_wrong(attempt, words):
    answer = check_orbit_over_class(attempt)
    assert not answer
    assert words in repr(answer)
