"""The primer of genuine: one kind of example, drawn anew for every seed."""

from collections.abc import Sequence
from dataclasses import dataclass

from invlib.config import Config, option
from invlib.experiment import Experiment
from invlib.studies.genuine.primer_examples import EXPERIMENT, Examples
from invlib.studies.study import Study


@dataclass(frozen=True)
class Primer(Examples):
    """The notebook's parameters."""

    seeds: int = option(1, "draws, each with its own images and its own small network", low=1)


def plan(parameters: Primer) -> Sequence[tuple[Experiment, Config, Sequence[int]]]:
    """One configuration; a batch for each seed, so that each record is kept once it is made."""
    shared = {name: value for name, value in parameters.plain().items() if name != "seeds"}
    return [(EXPERIMENT, Examples(**shared), [seed]) for seed in range(parameters.seeds)]


STUDY = Study(parameters=Primer, plan=plan, suits=Primer.check_against)
