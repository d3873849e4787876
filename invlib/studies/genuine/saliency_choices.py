"""How much SI depends on what the paper does not say about its saliency map (Sec. 4)."""

from collections.abc import Sequence
from dataclasses import replace

from torch import Tensor

from invlib.experiment import Experiment, Outcome, Report
from invlib.metrics.aligned import aligned_cosines
from invlib.saliency.readings import READINGS, maps_of_readings
from invlib.studies.genuine.kinds import Trained
from invlib.studies.genuine.looked_at import LookedAt
from invlib.studies.genuine.networks import networks


def compare(config: LookedAt, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """SI by every reading: of the regularized network, and of augmentation alone."""
    own = config.network
    regularized = networks(own, seeds, report)
    augmented = networks(replace(own, method="DA", strength=0.0), seeds, report)
    return [_outcome(*both, config.images) for both in zip(augmented, regularized, strict=True)]


def _outcome(augmented: Trained, regularized: Trained, images: int) -> Outcome:
    DA, IR = similarities(augmented, images), similarities(regularized, images)
    gaps = {name: IR[name] - DA[name] for name in READINGS}
    metrics = {f"DA_{name}": value for name, value in DA.items()}
    metrics |= {f"IR_{name}": value for name, value in IR.items()}
    metrics |= {
        "least_gap": min(gaps.values()),
        "DA_range": max(DA.values()) - min(DA.values()),
        "IR_range": max(IR.values()) - min(IR.values()),
        "DA_largest_step_change": max(
            abs(DA[steps] - DA["taken"]) for steps in ("few_steps", "many_steps")
        ),
    }
    return Outcome(metrics)


def similarities(one: Trained, images: int) -> dict[str, float]:
    """SI of one network by every reading; the mean pixel is the zero of its input."""
    x, y = one.parts.test.pixels[:images], one.parts.test.labels[:images]

    def maps(z: Tensor, rows: slice) -> Tensor:
        return maps_of_readings(READINGS, one.on_pixels, z, y[rows], one.parts.mean)

    means = aligned_cosines(maps, x, one.group, batch=100).mean((0, 1))
    return dict(zip(READINGS, means.tolist(), strict=True))


EXPERIMENT = Experiment(
    name="genuine/saliency_choices",
    module=__name__,
    attribute="EXPERIMENT",
    config=LookedAt,
    data=lambda config: config.dataset,
    run=compare,
    label=lambda config: f"{config.place}-choices",
)
