"""In which directions a trained network is less sensitive: along orbits alone, or everywhere?

A group of this paper is finite: an orbit is a few points, and its directions are chords g x − x.
They are compared with random directions, with random directions that no g moves, and with those
that lead from one class to another.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from invlib.experiment import Experiment, Outcome, Report
from invlib.metrics.jacobian_directions import jacobian, responses
from invlib.studies.genuine.kinds import Trained
from invlib.studies.genuine.looked_at import LookedAt
from invlib.studies.genuine.networks import networks
from invlib.studies.genuine.sample import CLASSES, Part
from invlib.training.seeds import stream

KINDS = ("orbit", "classes", "images", "random", "invariant")


def measure(config: LookedAt, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """Train, or recall, the networks of some seeds and look at their Jacobians."""
    trained = networks(config.network, seeds, report)
    return [_outcome(one, config, seed) for one, seed in zip(trained, seeds, strict=True)]


def _outcome(one: Trained, config: LookedAt, seed: int) -> Outcome:
    test = one.parts.test
    pixels, labels = test.pixels[: config.images], test.labels[: config.images]
    x = one.parts.normalize(pixels)
    J = jacobian(one.logits, x)
    found = responses(J, _directions(one, pixels, labels, stream(seed, "directions")))
    metrics = {f"along_{name}": float(values.double().mean()) for name, values in found.items()}
    metrics["orbit_over_random"] = metrics["along_orbit"] / metrics["along_random"]
    metrics["sigma_max"] = float(torch.linalg.matrix_norm(J.double(), 2).mean())
    chord = one.group.act(x, 1)
    with torch.no_grad():
        change = (one.logits(chord) - one.logits(x)).norm(dim=1)
    metrics["whole_chord"] = float((change / (chord - x).norm(dim=1)).double().mean())
    return Outcome(metrics)


def _directions(
    one: Trained, pixels: Tensor, labels: Tensor, generator: torch.Generator
) -> dict[str, Tensor]:
    """One direction of each kind per image. Normalization scales them all alike."""
    noise = torch.randn(pixels.shape, generator=generator)
    train = one.parts.train
    differs = (train.labels[None] != labels[:, None]).float()
    other = torch.multinomial(differs, 1, generator=generator).squeeze(1)
    means = torch.stack([_mean_of(train, label) for label in range(CLASSES)])
    return {
        "orbit": one.group.act(pixels, 1) - pixels,
        "classes": means[train.labels[other]] - means[labels],
        "images": train.pixels[other] - pixels,
        "random": noise,
        "invariant": one.group.orbit(noise).mean(-2),
    }


def _mean_of(part: Part, label: int) -> Tensor:
    """The mean image of a class; zero where the part has none of it."""
    own = part.pixels[part.labels == label]
    return own.sum(0) / max(1, len(own))


EXPERIMENT = Experiment(
    name="genuine/orbit_sensitivity",
    module=__name__,
    attribute="EXPERIMENT",
    config=LookedAt,
    data=lambda config: config.dataset,
    run=measure,
    label=lambda config: f"directions-{config.group}-{config.method}",
)
