"""What the primer of genuine shows, for every seed: its own images, and its own small network.

A network of two hidden layers is trained on randomly turned digits for a second; the rest looks
at it, and at functions made from it, in double precision.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from invlib.config import option
from invlib.experiment import Experiment, Outcome, Report
from invlib.groups import rotations
from invlib.saliency.maps import KEPT
from invlib.studies.genuine import primer_orbits, primer_saliency, primer_sensitivity
from invlib.studies.genuine.primer_functions import measure_all, shifted_logits
from invlib.studies.genuine.primer_network import Drawn, Small, learn


@dataclass(frozen=True)
class Examples(Small):
    """One seed's images, network and measurements."""

    steps: int = option(16, "steps of the integrated gradients", low=1)


def show(config: Examples, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """Train and take apart, one seed after another."""
    outcomes = []
    for done, seed in enumerate(seeds):
        outcomes.append(_look(config, seed))
        report("primer", (done + 1) / len(seeds))
    return outcomes


def _look(config: Examples, seed: int) -> Outcome:
    f, drawn = learn(config, seed)
    few, side = config.explained, drawn.side
    x, y = drawn.test[:few], drawn.test_labels[:few]
    shown = int(f(x).log_softmax(-1).gather(1, y[:, None]).argmax())  # the one f is surest of
    image, label = x[shown], y[shown]
    ball, ball_arrays = primer_sensitivity.ball(f, image, seed)
    steps, steps_arrays = primer_saliency.three_steps(f, image, label, side, config.steps)
    way, way_arrays = primer_saliency.saturation(f, image, label)
    complete = primer_saliency.completeness(f, x, y)
    kept = primer_saliency.thresholds(f, drawn, few, config.steps)
    starts, start_arrays = primer_saliency.baselines(f, drawn, few, config.steps)
    return Outcome(
        metrics={
            **primer_orbits.orbits(drawn),
            **primer_orbits.commuting(drawn, seed),
            **primer_orbits.averaged(f, drawn, few, config.steps),
            **measure_all(f, drawn, few, config.steps),
            **primer_sensitivity.divergence_over_distance(seed),
            **primer_sensitivity.learned(f, drawn),
            **primer_sensitivity.largest_slope(f, x),
            **ball,
            **steps,
            **way,
            **starts,
            "completeness_gap_256": float(complete["completeness_gap"][-1]),
            "SI_unthresholded": float(kept["threshold_SI"][0]),
            "SI_at_paper": float(kept["threshold_SI"][primer_saliency.SHARES.index(KEPT)]),
            "sigma_max": float(primer_sensitivity.jacobian_norm(f, x).mean()),
        },
        curves={
            **primer_sensitivity.shrinking(f, drawn, few, config.steps, seed),
            **complete,
            **kept,
        },
        arrays={
            "image": image.float().numpy(),
            "label": label.numpy(),
            "shifted": shifted_logits(f, image, side).numpy(),
            "averaged": _over_orbit(f, image, drawn),
            **ball_arrays,
            **steps_arrays,
            **way_arrays,
            "baseline_maps": start_arrays["baseline_maps"][shown],
        },
    )


def _over_orbit(f, image: torch.Tensor, drawn: Drawn):
    """The logits of h over the orbit of an image, all alike: [order, classes]."""
    group = rotations(drawn.side)
    return primer_orbits.orbit_average(f, group)(group.orbit(image)).numpy()


EXPERIMENT = Experiment(
    name="genuine/primer",
    module="invlib.studies.genuine.primer_examples",
    attribute="EXPERIMENT",
    config=Examples,
    data=lambda config: config.dataset,
    run=show,
    label=lambda config: "primer",
)
