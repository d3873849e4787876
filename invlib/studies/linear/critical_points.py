"""All critical points on small instances: the list, a search for others, and what training meets.

Proposition 13 and B.9 of paper linear: fewer orbits than classes under turns, more under flips.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from invlib.config import Config, option
from invlib.data.description import Manifest
from invlib.experiment import Experiment
from invlib.studies.linear import critical_check, critical_plateaus, critical_search
from invlib.studies.linear.critical_instance import Instance
from invlib.studies.linear.critical_plateaus import Plateaus
from invlib.studies.linear.critical_search import Search
from invlib.studies.linear.sample import CLASSES, Sample
from invlib.studies.study import Study


@dataclass(frozen=True)
class Landscape(Sample):
    """The notebook's parameters: two instances, each as three problems."""

    side: int = option(4, "image side in pixels after pooling", low=2)
    samples: int = option(500, "images", low=1)
    hidden: int = option(2, "hidden units of the small network: the rank r", low=1, high=CLASSES)
    turn_classes: int = option(9, "digits 0 to this less one, under quarter turns", low=2, high=9)
    flip_classes: int = option(5, "the same under left-right flips", low=2, high=9)
    strength: float = option(0.01, "the penalty's weight λ, as in eq. 7", low=1e-9)
    starts: int = option(30, "random starts of each search, for each subset", low=1)
    steps: int = option(5000, "most steps of gradient descent from these starts", low=100)
    plateau_hidden: int = option(3, "hidden units where saddles slow training down", low=1, high=9)
    plateau_epochs: int = option(2500, "steps of gradient descent there", low=1)
    seeds: int = option(3, "runs, each with its own subset of images", low=1)

    def check(self) -> None:
        self.instances(Search, starts=self.starts, descent_steps=self.steps)
        self.trained()

    def check_against(self, manifest: Manifest) -> None:
        for instance in self.instances(Instance):
            instance.check_against(manifest)

    def instances(self, kind: type[Instance], **changes: int) -> list[Instance]:
        """Both groups, each constrained, augmented and regularized."""
        own = {field.name for field in fields(Sample)} | {"hidden"}
        shared = {name: value for name, value in self.plain().items() if name in own} | changes
        return [
            kind(**shared, group=group, classes=classes, method=method, strength=strength)
            for group, classes in (("turns", self.turn_classes), ("flips", self.flip_classes))
            for method, strength in (
                ("constrained", 0.0),
                ("augmented", 0.0),
                ("regularized", self.strength),
            )
        ]

    def trained(self) -> list[Instance]:
        """Those that are trained from tiny layers: the three under turns."""
        changes = {"hidden": self.plateau_hidden, "epochs": self.plateau_epochs}
        return self.instances(Plateaus, **changes)[:3]


def plan(parameters: Landscape) -> Sequence[tuple[Experiment, Config, Sequence[int]]]:
    """Examine the list, search beyond it, and train from tiny layers."""
    seeds = range(parameters.seeds)
    changes = {"starts": parameters.starts, "descent_steps": parameters.steps}
    work = {
        critical_check.EXPERIMENT: parameters.instances(Instance),
        critical_search.EXPERIMENT: parameters.instances(Search, **changes),
        critical_plateaus.EXPERIMENT: parameters.trained(),
    }
    return [(experiment, config, seeds) for experiment, own in work.items() for config in own]


STUDY = Study(parameters=Landscape, plan=plan, suits=Landscape.check_against)
