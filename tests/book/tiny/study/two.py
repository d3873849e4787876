"""The study of notebook toy/two."""

from invlib.studies.toy.common import Step, Toy, outcomes

from invlib.experiment import Experiment
from invlib.studies.study import Study

EXPERIMENT = Experiment(
    name="toy/two",
    module="invlib.studies.toy.two",
    attribute="EXPERIMENT",
    config=Step,
    data=lambda step: step.dataset,
    run=outcomes,
    label=lambda step: f"size{step.index}",
)


def plan(parameters: Toy):
    for index in range(parameters.size):
        step = Step(dataset=parameters.dataset, index=index, pause=parameters.pause)
        yield EXPERIMENT, step, range(2)


STUDY = Study(parameters=Toy, plan=plan)
