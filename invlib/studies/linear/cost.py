"""What an epoch of each way costs: multiply-adds counted, seconds measured (paper linear, Sec. 4).

The paper's own kind of training runs on samples; that is measured first. This book's training on
second moments stands beside it. What the images show does not matter, only how many there are and
how large. Nothing is trained to an end: about a second per seed.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import torch
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from invlib.config import option
from invlib.experiment import Experiment, Outcome, Report
from invlib.groups import Group, rotations
from invlib.methods.ways import LOSSES, Augmented, Constrained, Method
from invlib.models.two_layer import TwoLayerLinear
from invlib.studies.linear.sample import CLASSES, Sample, training_subsets
from invlib.training.full_batch import train_full_batch
from invlib.training.on_samples import OnSamples
from invlib.training.seeds import stream

LOOK = 5  # epochs between two looks at the clock
STRENGTH = 0.1  # of the penalty; its cost is the same for all


@dataclass(frozen=True)
class Cost(Sample):
    """The sizes that a cost depends on."""

    hidden: int = option(5, "hidden units", low=1, high=CLASSES)
    rounds: int = option(15, "times that each way is timed, in turn; the median counts", low=1)


def ways_on_samples(
    X: Tensor, Y: Tensor, group: Group, hidden: int, seed: int
) -> dict[str, OnSamples]:
    """Every way as plain training on images X [n, pixels] and targets Y [n, classes].

    Two ways can be written in two manners that differ in cost. Hard-wiring can average over orbits
    once, before training, or inside the network, in every epoch. The penalty's W G can be a product
    with the matrix G, or W minus W with its columns moved.
    """
    orbits = group.orbit_basis().shape[1]
    averages = Constrained().in_pixels(torch.eye(orbits), group).to(X)  # B [orbits, pixels]
    G = group.constraint().to(X)
    all_turns = group.orbit(X).flatten(0, 1)
    back = group.inverse(1)

    def way(images: Tensor, targets: Tensor, **options: Callable[[Tensor], Tensor]) -> OnSamples:
        generator = stream(seed, "init")
        return OnSamples(
            images=images, targets=targets, hidden=hidden, generator=generator, **options
        )

    return {
        "constrained": way(X @ averages.T, Y),
        "constrained_inside": way(X, Y, prepare=lambda images: images @ averages.T),
        "augmented": way(all_turns, Y.repeat_interleave(group.order, 0)),
        "regularized": way(X, Y, penalty=lambda W: STRENGTH * (W @ G).square().sum()),
        "regularized_moving": way(
            X, Y, penalty=lambda W: STRENGTH * (W - group.act(W, back)).square().sum()
        ),
    }


def on_moments(
    method: Method, X: Tensor, Y: Tensor, group: Group, hidden: int, seed: int
) -> Callable[[int], None]:
    """This book's training of a way: a function that trains some epochs. Moments are taken once."""
    objective = method.objective(LOSSES["mse"], X[None], Y[None], group)

    def train(epochs: int) -> None:
        network = TwoLayerLinear(
            inputs=method.inputs(group),
            hidden=hidden,
            outputs=CLASSES,
            generators=[stream(seed, "init")],
        )
        train_full_batch(
            network,
            objective,
            epochs=epochs,
            learning_rate=0.001,
            observe_every=epochs,
            observe=lambda epoch, W, loss: None,
        )

    return train


def multiply_adds(run: Callable[[], object]) -> int:
    """Those of the matrix products in `run`, as PyTorch counts them while it runs.

    What is done entry by entry, such as Adam's step, is not among them.
    """
    with FlopCounterMode(display=False) as counter:
        run()
    return counter.get_total_flops() // 2  # a multiplication and an addition each


def medians(blocks: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The median processor seconds of each block, timed in turn.

    Other programs on the machine stretch the seconds on the wall several times over, these hardly.
    """
    seconds: dict[str, list[float]] = {name: [] for name in blocks}
    for block in blocks.values():
        block()  # the first time is slower
    for _ in range(rounds):
        for name, block in blocks.items():
            start = time.process_time()
            block()
            seconds[name].append(time.process_time() - start)
    return {name: median(values) for name, values in seconds.items()}


def measure(cost: Cost, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """One measurement per seed. Seeds go one after another: together they would share the time."""
    group = rotations(cost.side)
    outcomes = []
    for i, seed in enumerate(seeds):
        (X,), (Y,) = training_subsets(cost, [seed])
        plain = ways_on_samples(X.float(), Y.float(), group, cost.hidden, seed)
        ours = {
            f"{name}_moments": on_moments(method, X, Y, group, cost.hidden, seed)
            for name, method in (("constrained", Constrained()), ("augmented", Augmented()))
        }
        numbers: dict[str, float] = {}
        for name, way in plain.items():
            numbers[f"samples_{name}"] = len(way.images)
            numbers[f"parameters_{name}"] = way.size
            numbers[f"multiply_adds_{name}"] = multiply_adds(way.epoch)
        for name, train in ours.items():
            # Looking at the first and the last epoch costs products too; a difference cancels them.
            several = [multiply_adds(lambda n=n, train=train: train(n)) for n in (1, LOOK + 1)]
            numbers[f"multiply_adds_{name}"] = (several[1] - several[0]) / LOOK
        blocks = {name: _epochs(way.epoch) for name, way in plain.items()}
        blocks |= {name: lambda train=train: train(LOOK) for name, train in ours.items()}
        for name, seconds in medians(blocks, cost.rounds).items():
            numbers[f"seconds_{name}"] = seconds / LOOK
        outcomes.append(Outcome({name: float(value) for name, value in numbers.items()}))
        report(f"cost, seed {seed}", (i + 1) / len(seeds))
    return outcomes


def _epochs(epoch: Callable[[], None]) -> Callable[[], None]:
    def block() -> None:
        for _ in range(LOOK):
            epoch()

    return block


EXPERIMENT = Experiment(
    name="linear/cost",
    module="invlib.studies.linear.cost",
    attribute="EXPERIMENT",
    config=Cost,
    data=lambda cost: cost.dataset,
    run=measure,
    label=lambda cost: "cost",
)
