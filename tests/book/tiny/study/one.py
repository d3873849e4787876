"""The study of notebook toy/one."""

import math
from collections.abc import Sequence

from invlib.studies.toy.common import Step, Toy, outcomes
from invlib.studies.toy.helper import scale

from invlib.experiment import Experiment, Outcome, Report
from invlib.studies.study import Study


def run(step: Step, seeds: Sequence[int], report: Report) -> list[Outcome]:
    found = outcomes(step, seeds, report)
    return [Outcome({"value": scale() * outcome.metrics["value"]}) for outcome in found]


EXPERIMENT = Experiment(
    name="toy/one",
    module="invlib.studies.toy.one",
    attribute="EXPERIMENT",
    config=Step,
    data=lambda step: step.dataset,
    run=run,
    label=lambda step: f"size{step.index}",
)


def plan(parameters: Toy):
    product = math.prod(parameters.factors)
    for index in range(parameters.size):
        step = Step(dataset=parameters.dataset, index=index, pause=parameters.pause, factor=product)
        yield EXPERIMENT, step, range(2)


STUDY = Study(parameters=Toy, plan=plan)
