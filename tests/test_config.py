"""A configuration refuses what it does not know, and names it."""

from dataclasses import dataclass

import pytest

from invlib.config import REQUIRED, Config, option
from invlib.errors import UsageError


@dataclass(frozen=True)
class Inner(Config):
    name: str = option(REQUIRED, "a name")


@dataclass(frozen=True)
class Example(Config):
    epochs: int = option(10, "steps", low=1, high=100)
    rate: float = option(0.1, "step size", low=0.0)
    method: str = option("a", "how", choices=("a", "bee"))
    strengths: tuple[float, ...] = option((0.1, 1.0), "weights", low=0.0)
    fast: bool = option(False, "hurry")


def test_values_take_their_type_and_become_hashable():
    config = Example.parse({"epochs": 5, "rate": 1, "strengths": [1, 0.5]})
    assert config.rate == 1.0
    assert type(config.rate) is float
    assert config.strengths == (1.0, 0.5)
    assert hash(config) == hash(Example.parse({"epochs": 5, "rate": 1.0, "strengths": [1.0, 0.5]}))
    assert config.plain()["strengths"] == [1.0, 0.5]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"epoch": 5}, ["unknown parameter 'epoch'", "Did you mean 'epochs'"]),
        ({"epochs": 0}, ["epochs is 0", "at least 1"]),
        ({"epochs": 101}, ["epochs is 101", "at most 100"]),
        ({"epochs": 1.5}, ["epochs is 1.5", "type int"]),
        ({"epochs": True}, ["epochs is True", "type int"]),
        ({"epochs": "ten"}, ["epochs is 'ten'", "type int"]),
        ({"epochs": None}, ["epochs is None"]),
        ({"rate": float("nan")}, ["rate is nan", "finite"]),
        ({"rate": -0.1}, ["rate is -0.1", "at least 0"]),
        ({"method": "be"}, ["'be'", "for parameter method", "Did you mean 'bee'"]),
        ({"strengths": 3.0}, ["strengths is 3.0", "list of float"]),
        ({"strengths": []}, ["strengths is empty"]),
        ({"strengths": [1.0, "x"]}, ["strengths[1] is 'x'"]),
        ({"strengths": [1.0, -1.0]}, ["strengths[1] is -1.0", "at least 0"]),
        ({"strengths": [1.0, 1.0]}, ["twice"]),
        ({"fast": 1}, ["fast is 1", "bool"]),
    ],
)
def test_bad_values_are_refused_by_name(values, words):
    with pytest.raises(UsageError) as caught:
        Example.parse(values)
    for word in words:
        assert word in str(caught.value)


def test_the_constructor_checks_as_parse_does():
    with pytest.raises(UsageError, match="epochs is 0"):
        Example(epochs=0)


def test_a_required_value_is_asked_for_with_its_meaning():
    with pytest.raises(UsageError, match="parameter name is missing: a name"):
        Inner.parse({})
