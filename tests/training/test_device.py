"""Choosing a device: what is not there is refused by name."""

import pytest
import torch

from invlib.errors import UsageError
from invlib.training.device import choose_device


def test_auto_is_an_accelerator_if_there_is_one():
    expected = "cuda" if torch.cuda.is_available() else "cpu"
    assert choose_device().type == expected
    assert choose_device("cpu").type == "cpu"


def test_an_unknown_device_is_refused_with_a_list():
    with pytest.raises(UsageError, match="cpu"):
        choose_device("gpu")


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU here")
def test_a_device_that_is_not_there_is_refused():
    with pytest.raises(UsageError, match="cuda is not available here; there are: cpu"):
        choose_device("cuda")
