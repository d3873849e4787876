"""The non-invariant part of W over training, and what drives it (linear, Figs. 3 and 8)."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from invlib.config import Config, option
from invlib.experiment import Experiment
from invlib.studies.linear import cross_term, noninvariant_ledger, two_layer
from invlib.studies.linear.cross_term import CrossTerm
from invlib.studies.linear.noninvariant_ledger import Ledger
from invlib.studies.linear.sample import Sample
from invlib.studies.linear.two_layer import TwoLayer
from invlib.studies.study import Study


@dataclass(frozen=True)
class NoninvariantPart(Sample):
    """The notebook's parameters: the paper's two figures, and the sweeps that explain them."""

    hidden: int = option(5, "hidden units: the rank bound r", low=1, high=9)
    epochs: int = option(500, "full-batch steps of Adam", low=1)
    learning_rate: float = option(0.001, "Adam's learning rate", low=1e-9)
    strengths: tuple[float, ...] = option(
        (0.001, 0.01, 0.1), "penalty weights λ, squared error (Fig. 3)", low=1e-12
    )
    strengths_cross_entropy: tuple[float, ...] = option(
        (0.01, 0.1, 1.0), "penalty weights λ, cross-entropy (Fig. 8)", low=1e-12
    )
    scales: tuple[float, ...] = option(
        (0.3,), "initial weights over PyTorch's default, gradient descent", low=1e-9
    )
    scales_adam: tuple[float, ...] = option((0.3,), "the same, Adam", low=1e-9)
    rates_adam: tuple[float, ...] = option((0.003,), "further learning rates of Adam", low=1e-9)
    balances: tuple[float, ...] = option((0.1, 4.0), "weights β of the invariance error", low=0.0)
    descent_steps: int = option(1000, "steps of gradient descent", low=1)
    descent_rate: float = option(0.2, "size of a step of gradient descent", low=1e-9)
    seeds: int = option(3, "runs, each with its own subset and initialization", low=1)

    def check(self) -> None:
        self.trainings()  # every shared value must also suit the experiments
        self.ledgers()

    def trainings(self) -> list[TwoLayer]:
        """What Figs. 3 and 8 show: augmented and regularized, for both losses."""
        shared = self._shared(TwoLayer)
        by_loss = {"mse": self.strengths, "cross_entropy": self.strengths_cross_entropy}
        return [
            TwoLayer(**shared, loss=loss, **way)
            for loss, strengths in by_loss.items()
            for way in ({"method": "augmented"}, *(regularized(s) for s in strengths))
        ]

    def penalties(self) -> list[CrossTerm]:
        """The regularized trainings of Fig. 3 once more, with the loss taken apart."""
        shared = self._shared(CrossTerm)
        return [CrossTerm(**shared, strength=s, observe_every=25) for s in self.strengths]

    def ledgers(self) -> list[Ledger]:
        """The controlled trainings: one thing differs from the first of each rule."""
        descent = {"epochs": self.descent_steps, "learning_rate": self.descent_rate}
        halved = {"epochs": 2 * self.descent_steps, "learning_rate": self.descent_rate / 2}
        adam = {"epochs": self.epochs, "learning_rate": self.learning_rate}
        runs = [
            *(("descent", descent | {"init_scale": s}) for s in (1.0, *self.scales)),
            ("descent", halved),
            *(("descent", descent | {"balance": b}) for b in self.balances),
            ("descent", descent | {"target": 0.0}),
            ("descent", descent | {"hold_second": True}),
            *(("adam", adam | {"init_scale": s}) for s in (1.0, *self.scales_adam)),
            *(("adam", adam | {"learning_rate": r}) for r in self.rates_adam),
            *(("adam", adam | {"balance": b}) for b in self.balances if b),
            ("adam", adam | {"hold_second": True}),
            ("shared_adam", adam),
        ]
        shared = {n: v for n, v in self._shared(Ledger).items() if n not in adam}
        made = [
            Ledger(**shared, rule=rule, observe_every=max(1, run["epochs"] // 60), **run)
            for rule, run in runs
        ]
        return list(dict.fromkeys(made))  # a sweep may name the plain run again

    def sweep(self, rule: str, name: str) -> list[Ledger]:
        """The plain training with a rule and those that differ from it in one option alone."""
        plain, *others = (ledger for ledger in self.ledgers() if ledger.rule == rule)
        value = getattr(plain, name)
        swept = [ledger for ledger in others if replace(ledger, **{name: value}) == plain]
        return sorted([plain, *swept], key=lambda ledger: getattr(ledger, name))

    def _shared(self, kind: type[Config]) -> dict:
        own = {field.name for field in fields(kind)}
        return {name: value for name, value in self.plain().items() if name in own}


def regularized(strength: float) -> dict:
    return {"method": "regularized", "strength": strength}


def plan(parameters: NoninvariantPart) -> Sequence[tuple[Experiment, Config, Sequence[int]]]:
    """The paper's trainings, the ones that take the penalized loss apart, the controlled ones."""
    seeds = range(parameters.seeds)
    return [
        *((two_layer.EXPERIMENT, config, seeds) for config in parameters.trainings()),
        *((cross_term.EXPERIMENT, config, seeds) for config in parameters.penalties()),
        *((noninvariant_ledger.EXPERIMENT, config, seeds) for config in parameters.ledgers()),
    ]


STUDY = Study(parameters=NoninvariantPart, plan=plan, suits=NoninvariantPart.check_against)
