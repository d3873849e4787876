"""What the primer of genuine shows, for every seed: its own images, and its own small network.

A network of two hidden layers is trained on randomly turned digits for a second; the rest looks
at it, and at functions made from it, in double precision.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from invlib.config import option
from invlib.experiment import Experiment, Outcome, Report
from invlib.saliency.maps import KEPT
from invlib.studies.genuine import primer_orbits, primer_saliency, primer_sensitivity
from invlib.studies.genuine.primer_functions import measure_all, over_orbit
from invlib.studies.genuine.primer_network import Small, learn


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
    image = x[primer_orbits.least_symmetric(x, side)]
    sure = f(x).log_softmax(-1).gather(1, y[:, None])[:, 0]
    surest = int(sure.argmax())
    ball, ball_arrays = primer_sensitivity.ball(f, image, seed)
    steps, steps_arrays = primer_saliency.three_steps(f, x, y, side, config.steps)
    way, way_arrays = primer_saliency.saturation(f, x[surest], y[surest])
    complete = primer_saliency.completeness(f, x, y)
    kept = primer_saliency.thresholds(f, drawn, few, config.steps)
    starts, start_arrays = primer_saliency.baselines(f, drawn, few, config.steps)
    unsure = over_orbit(f, x[int(sure.argmin())], side)
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
            **_read(kept, "threshold_SI", "learned"),
            **_read(kept, "threshold_SI_untrained", "untrained"),
            "completeness_gap_256": float(complete["completeness_gap"][-1]),
            "sigma_max": float(primer_sensitivity.jacobian_norm(f, x).mean()),
        },
        curves={
            **primer_sensitivity.shrinking(f, drawn, few, config.steps, seed),
            **complete,
            **kept,
        },
        arrays={
            "image": image.float().numpy(),
            "averaged": over_orbit(f, image, side)["averaged"].numpy(),
            "shifted": unsure["shifted"].numpy(),
            "surest": x[surest].float().numpy(),
            "baseline_maps": start_arrays["baseline_maps"][surest],
            **ball_arrays,
            **steps_arrays,
            **way_arrays,
        },
    )


def _read(curves: Mapping[str, np.ndarray], curve: str, name: str) -> dict[str, float]:
    """SI without a threshold and with the paper's."""
    at_paper = curves[curve][primer_saliency.SHARES.index(KEPT)]
    return {f"{name}_SI_unthresholded": float(curves[curve][0]), f"{name}_SI_09": float(at_paper)}


EXPERIMENT = Experiment(
    name="genuine/primer",
    module="invlib.studies.genuine.primer_examples",
    attribute="EXPERIMENT",
    config=Examples,
    data=lambda config: config.dataset,
    run=show,
    label=lambda config: "primer",
)
