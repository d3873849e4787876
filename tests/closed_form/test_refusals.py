"""What the closed forms refuse, and that the message names it."""

import numpy as np
import pytest
import torch

from invlib.closed_form import (
    augmented_optimum,
    augmented_singular_values,
    constrained_optimum,
    constrained_singular_values,
    regularized_optimum,
    regularized_singular_values,
)
from invlib.errors import UsageError
from invlib.groups import rotations

GOOD = {"X": torch.ones(5, 4), "Y": torch.ones(5, 3), "group": rotations(2), "rank": 2}
NAN = torch.ones(5, 4).index_fill(1, torch.tensor([2]), torch.nan)

BAD_DATA = [
    ({"X": torch.ones(5, 9)}, "X has 9 columns; .* acts on 4 pixels"),
    ({"X": torch.ones(6, 4)}, "X has 6 samples, Y has 5"),
    ({"X": NAN}, "X holds NaN or infinite"),
    ({"Y": torch.full((5, 3), torch.inf)}, "Y holds NaN or infinite"),
    ({"X": torch.ones(4)}, r"X has shape \[4\]"),
    ({"Y": torch.ones(5)}, r"Y has shape \[5\]"),
    ({"Y": torch.ones(5, 0)}, r"Y has shape \[5, 0\]"),
    ({"X": torch.ones(0, 4), "Y": torch.ones(0, 3)}, r"X has shape \[0, 4\]"),
    ({"X": torch.ones(5, 4, dtype=torch.complex64)}, "X is complex"),
    ({"X": np.ones((5, 4), dtype=complex)}, "X is complex"),
    ({"X": [["a"]]}, "X is not a matrix of real numbers"),
    ({"group": "rotations"}, "group is a str"),
]
BAD_RANK = [
    ({"rank": rank}, f"rank is {rank!r}; .* rank 1 to 3") for rank in (0, -1, 4, 2.0, True, None)
]
BAD_STRENGTH = [-1, -1e-9, float("nan"), float("inf"), "much", None, True]


@pytest.mark.parametrize(("change", "says"), BAD_DATA + BAD_RANK)
def test_optima(change, says):
    for optimum in (constrained_optimum, augmented_optimum):
        with pytest.raises(UsageError, match=says):
            optimum(**GOOD | change)
    with pytest.raises(UsageError, match=says):
        regularized_optimum(**GOOD | change, strength=1.0)


@pytest.mark.parametrize(("change", "says"), BAD_DATA)
def test_singular_values(change, says):
    arguments = {name: value for name, value in (GOOD | change).items() if name != "rank"}
    for values in (constrained_singular_values, augmented_singular_values):
        with pytest.raises(UsageError, match=says):
            values(**arguments)


@pytest.mark.parametrize("strength", BAD_STRENGTH)
def test_strength(strength):
    with pytest.raises(UsageError, match="strength is"):
        regularized_optimum(**GOOD, strength=strength)
    with pytest.raises(UsageError, match="strength is"):
        regularized_singular_values(GOOD["X"], GOOD["Y"], GOOD["group"], strength)


def test_good_arguments_are_accepted():
    assert regularized_optimum(**GOOD, strength=np.float32(1)).shape == (3, 4)
