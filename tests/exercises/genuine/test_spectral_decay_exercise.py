"""The exercises of genuine/spectral_decay: stubs do not pass, solutions do."""

import re

import pytest
import torch

from invlib.exercises.genuine.spectral_decay import check_decay, check_gradient, check_unmoved
from invlib.settings import CHECKOUT

CHECKS = {"gradient": check_gradient, "decay": check_decay, "unmoved": check_unmoved}


def cells(name: str) -> list[str]:
    text = (CHECKOUT / "notebooks/genuine/spectral_decay.py").read_text()
    found = re.split(r"^# %%.*\n", text, flags=re.MULTILINE)
    return [cell for cell in found if f"def {name}(" in cell]


def defined(cell: str, name: str):
    code = cell.split(f"check_{name}")[0]
    space: dict = {}
    exec("import torch\n" + code, space)
    return space[name]


@pytest.mark.parametrize("name", CHECKS)
def test_the_stub_fails_in_words_and_the_solution_passes(name):
    stub, solution = (defined(cell, name) for cell in cells(name))
    assert "replace the dots" in repr(CHECKS[name](stub))
    assert repr(CHECKS[name](solution)) == "Correct."


@pytest.mark.parametrize("name", CHECKS)
def test_the_stub_is_the_solution_but_for_the_dots(name):
    stub, solution = (cell.split("check_")[0].splitlines() for cell in cells(name))
    stub, solution = ([line for line in c if line.strip()] for c in (stub, solution))
    assert len(stub) == len(solution)
    for ours, theirs in zip(stub, solution, strict=True):
        start, dots, _ = ours.partition("...")
        assert theirs.startswith(start) if dots else theirs == ours


def one_step(eps, t):
    return torch.eye(len(eps)) - t * torch.outer(eps, eps)


@pytest.mark.parametrize(
    ("check", "attempt", "words"),
    [
        (check_gradient, lambda W, eps: 2 * W @ eps.mT @ eps / len(eps), "½ cancels"),
        (check_gradient, lambda W, eps: W @ eps.mT @ eps, "take the mean"),
        (check_gradient, lambda W, eps: -W @ eps.mT @ eps / len(eps), "minus the gradient"),
        (check_gradient, lambda W, eps: W, "differs"),
        (check_gradient, lambda W, eps: 3, "shape"),
        (check_decay, one_step, "should shrink by"),
        (check_decay, lambda eps, t: torch.exp(-t * torch.outer(eps, eps)), "right angles"),
        (check_unmoved, lambda eps: torch.eye(len(eps))[:0], "replace the dots|zero"),
        (check_unmoved, lambda eps: torch.zeros(2, len(eps)), "zero"),
        (check_unmoved, lambda eps: eps[None], "falls"),
        (check_unmoved, lambda eps: torch.linalg.svd(eps[None]).Vh[1:2], "does not move at all"),
    ],
)
def test_near_misses_are_told_what_is_wrong(check, attempt, words):
    answer = check(attempt)
    assert not answer
    assert re.search(words, repr(answer))
