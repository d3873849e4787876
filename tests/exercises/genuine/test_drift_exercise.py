"""The exercises of genuine/drift: stubs and solutions, and near misses in words."""

import re

import pytest
import torch

from invlib.exercises.genuine import drift
from invlib.settings import CHECKOUT

DOTS = {
    "prediction": ('divergence = "zero"', 'accuracy = "falls"'),
    "accuracy_ratio": ("(drifted.argmax(-1) == labels).float().mean()",),
    "fgsm_step": ("pixels + radius * gradient.sign()",),
}


def cells(name: str) -> list[str]:
    """The definitions in the notebook: first the stub, then the solution."""
    text = (CHECKOUT / "notebooks/genuine/drift.py").read_text()
    parts = re.split(r"^# %%.*\n", text, flags=re.MULTILINE)
    return [part.split(f"check_{name}")[0] for part in parts if f"def {name}" in part]


def defined(name: str, cell: str):
    space: dict = {}
    exec(cell, space)
    return space[name]


@pytest.mark.parametrize("name", DOTS)
def test_the_stub_fails_in_words_and_the_solution_passes(name):
    stub, solution = (defined(name, cell) for cell in cells(name))
    check = getattr(drift, f"check_{name}")
    assert "replace the dots" in repr(check(stub))
    assert repr(check(solution)) == "Correct."


@pytest.mark.parametrize("name", DOTS)
def test_the_stub_is_the_solution_but_for_the_dots(name):
    stub, solution = cells(name)
    wanted = solution
    for dots in DOTS[name]:
        assert dots in wanted
        name, equals, _ = dots.rpartition(" = ")
        wanted = wanted.replace(dots, f"{name}{equals}...")
    assert stub.split() == wanted.split()


def _of_those_that_were_right(clean, drifted, labels):
    right = clean.argmax(-1) == labels
    return (drifted.argmax(-1) == labels)[right].float().mean()


@pytest.mark.parametrize(
    ("check", "attempt", "words"),
    [
        ("prediction", lambda: ("small", "falls"), "for which images"),
        ("prediction", lambda: ("zero", "stays"), "the right one"),
        ("prediction", lambda: ("none", "falls"), "none of: zero"),
        ("prediction", lambda: "zero", "two words"),
        ("accuracy_ratio", lambda c, d, y: (d.argmax(-1) == y).float().mean(), "yours 0.444"),
        ("accuracy_ratio", _of_those_that_were_right, "4 of them, not 3"),
        ("accuracy_ratio", lambda c, d, y: c, "one number"),
        ("accuracy_ratio", lambda c, d: 1, "TypeError"),
        ("fgsm_step", lambda p, g, r: p + r * g.sign(), "leaves"),
        ("fgsm_step", lambda p, g, r: (p - r * g.sign()).clamp(0, 1), "falls"),
        ("fgsm_step", lambda p, g, r: (p + r * g / g.norm()).clamp(0, 1), "give more"),
        ("fgsm_step", lambda p, g, r: (p + 3 * r * g.sign()).clamp(0, 1), "more than the radius"),
        ("fgsm_step", lambda p, g, r: torch.zeros(3), "the result is"),
    ],
)
def test_near_misses_are_told_what_is_wrong(check, attempt, words):
    answer = getattr(drift, f"check_{check}")(attempt)
    assert not answer
    assert re.search(words, repr(answer), re.IGNORECASE)
