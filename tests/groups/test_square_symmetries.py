"""The symmetries of a square image against numpy, and subgroups against brute force."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from invlib.errors import UsageError
from invlib.groups import flips, from_permutations, rotations, translations
from invlib.groups.square_symmetries import SquareSymmetries
from invlib.groups.subgroups import generated, is_group, subgroup_within

SIDE = 6
SQUARE = SquareSymmetries(SIDE)
element = st.integers(0, SQUARE.order - 1)
quickly = settings(deadline=None, max_examples=30)


@pytest.mark.parametrize("turn", range(4))
@pytest.mark.parametrize("flip", [False, True])
@pytest.mark.parametrize("side", [3, 4, 7])
def test_an_element_moves_an_image_as_numpy_does(turn, flip, side):
    square = SquareSymmetries(side)
    image = np.random.default_rng(0).random((side, side))
    wanted = np.rot90(np.fliplr(image) if flip else image, turn)
    wanted = np.roll(wanted, (2, 1), axis=(0, 1))
    k = square.element(turn, flip=flip, right=1, down=2)
    x = torch.from_numpy(image).reshape(1, -1)
    moved = square.act(x, torch.tensor([k]))[0]
    assert np.array_equal(moved.numpy().reshape(side, side), wanted)


@quickly
@given(element, element)
def test_composition_is_one_after_the_other(j, k):
    x = torch.arange(SIDE * SIDE).view(1, -1)
    after = SQUARE.act(SQUARE.act(x, torch.tensor([k]))[0], torch.tensor([j]))[0]
    both = int(SQUARE.compose(torch.tensor(j), torch.tensor(k)))
    assert SQUARE.act(x, torch.tensor([both]))[0].equal(after)


def test_all_elements_are_different():
    sources = SQUARE.sources(SQUARE.everything())
    assert len(sources.unique(dim=0)) == SQUARE.order == 8 * SIDE * SIDE


@pytest.mark.parametrize("group", [rotations(SIDE), translations(SIDE, 3), flips(SIDE)])
def test_the_groups_of_the_papers_are_found_among_them(group):
    found = SQUARE.of_group(group)
    x = torch.rand(1, SIDE * SIDE)
    for k, moved in enumerate(SQUARE.act(x, found)):
        assert moved.equal(group.act(x, k))
    assert is_group(SQUARE, found)
    assert SQUARE.as_group(found.tolist()).order == group.order


def test_a_group_of_other_permutations_is_refused():
    swap = torch.arange(SIDE * SIDE)
    swap[:2] = torch.tensor([1, 0])
    other = from_permutations([torch.arange(SIDE * SIDE), swap], SIDE)
    with pytest.raises(UsageError, match="not made of symmetries"):
        SQUARE.of_group(other)
    with pytest.raises(UsageError, match="not made of symmetries"):
        SQUARE.of_group(rotations(SIDE + 1))


def test_candidates_in_steps_are_a_group_and_crosses_shift_one_way():
    some = SQUARE.everything(2)
    assert is_group(SQUARE, some)
    _, down, right = SQUARE.parts(SQUARE.crosses(2))
    assert ((down == 0) | (right == 0)).all()
    assert len(down) == 8 * (2 * 3 - 1)
    assert int(SQUARE.crosses(2)[0]) == 0


@quickly
@given(st.lists(element, max_size=2))
def test_what_is_generated_is_a_group_and_the_smallest(elements):
    found = set(generated(SQUARE, elements))
    reached = {0}
    while True:  # brute force: every product, until nothing is new
        more = reached | {
            int(SQUARE.compose(torch.tensor(j), torch.tensor(k))) for j in elements for k in reached
        }
        if more == reached:
            break
        reached = more
    assert found == reached
    assert is_group(SQUARE, sorted(found))


@quickly
@given(st.lists(element, max_size=12, unique=True))
def test_a_subgroup_within_is_a_group_inside(elements):
    found = subgroup_within(SQUARE, elements)
    assert is_group(SQUARE, found)
    assert set(found) <= {0, *elements}


def test_a_tolerated_shift_and_an_off_centre_turn_are_left_out():
    turns = SQUARE.of_group(rotations(SIDE)).tolist()
    nearly = [SQUARE.element(right=1), SQUARE.element(2, right=1), SQUARE.element(1, down=1)]
    assert is_group(SQUARE, [0, nearly[1]])  # closed by itself, and yet
    assert subgroup_within(SQUARE, [*turns, *nearly]) == sorted(turns)
    assert len(generated(SQUARE, [*turns, *nearly])) > 4 * SIDE


def test_a_set_that_is_no_group_is_said_to_be_none():
    assert not is_group(SQUARE, [0, SQUARE.element(1)])
    assert not is_group(SQUARE, [SQUARE.element(2)])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: SquareSymmetries(2), "side is 2"),
        (lambda: SquareSymmetries(True), "side is True"),
        (lambda: SQUARE.everything(4), "step is 4"),
        (lambda: SQUARE.sources(torch.tensor([SQUARE.order])), "elements range"),
        (lambda: SQUARE.act(torch.zeros(2, 5), torch.tensor([0])), r"must be \[n, 36\]"),
        (lambda: generated(SQUARE, [-1]), "between 0 and 287"),
        (lambda: generated(SQUARE, torch.tensor([0.5])), "whole numbers"),
    ],
)
def test_refusals_name_what_is_wrong(call, words):
    with pytest.raises(UsageError, match=words):
        call()


def test_an_element_in_words():
    assert SQUARE.words(0) == "identity"
    assert SQUARE.words(SQUARE.element(1, flip=True, right=2)) == "flip, quarter turn, 2 right"
