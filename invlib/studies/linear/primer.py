"""The primer: one kind of example, drawn anew for every seed."""

from collections.abc import Sequence
from dataclasses import dataclass

from invlib.config import Config, option
from invlib.experiment import Experiment
from invlib.studies.linear.primer_examples import EXPERIMENT, Examples
from invlib.studies.study import Study


@dataclass(frozen=True)
class Primer(Examples):
    """The notebook's parameters."""

    seeds: int = option(3, "draws, each with its own image, map and 2x2 matrix", low=1)


def plan(parameters: Primer) -> Sequence[tuple[Experiment, Config, Sequence[int]]]:
    """One configuration, every seed."""
    shared = {name: value for name, value in parameters.plain().items() if name != "seeds"}
    return [(EXPERIMENT, Examples(**shared), range(parameters.seeds))]


STUDY = Study(parameters=Primer, plan=plan, suits=Primer.check_against)
