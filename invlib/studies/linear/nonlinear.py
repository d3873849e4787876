"""Nonlinear networks: augmentation against hard-wiring (paper linear, App. C.3, Figs. 10 and 11).

Fig. 10 compares their losses on many images, Fig. 11 the invariance that augmentation teaches, with
few images and many. Deeper networks, networks with bias and a tiny example are ours.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

from invlib.config import Config, option
from invlib.data.description import Manifest
from invlib.errors import UsageError
from invlib.experiment import Experiment
from invlib.models.activations import ACTIVATIONS
from invlib.studies.linear import flip_example, nonlinear_depth, nonlinear_training
from invlib.studies.linear.flip_example import FlipExample
from invlib.studies.linear.nonlinear_depth import Deep, hidden_layers
from invlib.studies.linear.nonlinear_sample import refuse_too_many
from invlib.studies.linear.nonlinear_training import METHODS, NonlinearTwoLayer
from invlib.studies.linear.sample import LEFT_OUT, Sample
from invlib.studies.study import Study


@dataclass(frozen=True)
class Nonlinear(Sample):
    """The notebook's parameters: two widths, two numbers of images, several activations."""

    samples: int = option(400, "training images before augmentation, many", low=1)
    fewer_samples: int = option(150, "the same, few; for Fig. 11 and the deeper networks", low=1)
    activations: tuple[str, ...] = option(
        ("relu", "tanh"), "activation functions", choices=tuple(ACTIVATIONS)
    )
    bottleneck: int = option(7, "hidden units of the narrow networks", low=1)
    wide: int = option(15, "hidden units of the wide networks", low=1)
    epochs: int = option(150, "full-batch steps", low=1)
    learning_rate: float = option(0.001, "Adam's learning rate", low=1e-9)
    points: int = option(200, "points of each kind under the median of ε_inv", low=1)
    deeper: tuple[str, ...] = option(
        ("7-15", "15-7"), "hidden layers of the deeper networks, from the input on"
    )
    deeper_activation: str = option(
        "relu", "activation of the deeper networks", choices=tuple(ACTIVATIONS)
    )
    seeds: int = option(2, "runs, each with its own subsets, initialization and points", low=1)

    def check(self) -> None:
        for layers in self.deeper:
            if len(hidden_layers(layers)) < 2:
                raise UsageError(
                    f"parameter deeper names {layers!r}; it must be two hidden layers or more."
                )
        if self.bottleneck >= self.wide:
            raise UsageError(
                f"parameter bottleneck is {self.bottleneck}; it must be below wide, {self.wide}."
            )
        if self.fewer_samples >= self.samples:
            raise UsageError(
                f"parameter fewer_samples is {self.fewer_samples}; it must be below samples, "
                f"{self.samples}."
            )

    def check_against(self, manifest: Manifest) -> None:
        super().check_against(manifest)
        test = manifest.split("test")
        refuse_too_many(self.points, test.count - test.per_class[LEFT_OUT], manifest.name)

    def shared(self, kind: type[Config], **changes: object) -> Config:
        """The configuration of an experiment: what it shares with the notebook, and changes."""
        own = {field.name for field in fields(kind)}
        return kind(**{name: v for name, v in self.plain().items() if name in own} | changes)


def plan(parameters: Nonlinear) -> Sequence[tuple[Experiment, Config, Sequence[int]]]:
    """Fig. 10, then Fig. 11's networks on fewer images, then ours. The longest come first."""
    seeds = range(parameters.seeds)
    work = [
        *((nonlinear_training.EXPERIMENT, config) for config in _two_layer(parameters)),
        *((nonlinear_depth.EXPERIMENT, config) for config in _deeper(parameters)),
        *((flip_example.EXPERIMENT, config) for config in _flips()),
    ]
    return [(experiment, config, seeds) for experiment, config in work]


def _two_layer(parameters: Nonlinear) -> Iterator[Config]:
    cells = [(m, parameters.samples) for m in ("augmented", "constrained")]
    for method, samples in [*cells, ("augmented", parameters.fewer_samples)]:
        for hidden in (parameters.wide, parameters.bottleneck):
            yield parameters.shared(
                NonlinearTwoLayer, method=method, samples=samples, hidden=hidden
            )


def _deeper(parameters: Nonlinear) -> Iterator[Config]:
    two_layer = [str(width) for width in (parameters.bottleneck, parameters.wide)]
    few = {"samples": parameters.fewer_samples, "activation": parameters.deeper_activation}
    for layers in (*two_layer, *parameters.deeper):
        for method in METHODS:
            yield parameters.shared(Deep, method=method, layers=layers, **few)
    for layers in two_layer:
        yield parameters.shared(Deep, method="augmented", layers=layers, bias=True, **few)


def _flips() -> Iterator[Config]:
    for method, activation, hidden in flip_example.OPTIMA:
        yield FlipExample(method=method, activation=activation, hidden=hidden)


STUDY = Study(parameters=Nonlinear, plan=plan, suits=Nonlinear.check_against)
