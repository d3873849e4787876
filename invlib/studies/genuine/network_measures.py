"""The five measures of every trained network: accuracy, LI, DI, SI, σ_max (Table 1, Fig. 5)."""

from invlib.groups import Group
from invlib.metrics.jacobian import jacobian_norm
from invlib.metrics.orbit_accuracy import orbit_accuracy
from invlib.metrics.predictions import logit_invariance_error, predictive_invariance_error
from invlib.metrics.similarity import saliency_similarity
from invlib.saliency import Model
from invlib.studies.genuine.sample import Part, Parts

MEASURES = ("accuracy", "LI", "DI", "SI", "sigma_max")


def measures(
    logits: Model,
    parts: Parts,
    part: Part,
    group: Group,
    *,
    errors: int,
    saliency: int,
    steps: int = 32,
) -> dict[str, float]:
    """Accuracy, LI, DI, SI and the mean σ_max(J) of a function of normalized images.

    Accuracy is over the orbits of all images of the part, LI and DI are over those of the first
    `errors` images, SI and σ_max over the first `saliency` ones, which take far longer: SI with
    `steps` steps of the integrated gradients.
    """
    x = parts.normalize(part.pixels)
    return {
        "accuracy": orbit_accuracy(logits, x, part.labels, group),
        "LI": logit_invariance_error(logits, x[:errors], group),
        "DI": predictive_invariance_error(logits, x[:errors], group),
        "SI": similarity(logits, parts, part, group, images=saliency, steps=steps),
        "sigma_max": float(jacobian_norm(logits, x[:saliency]).double().mean()),
    }


def similarity(
    logits: Model, parts: Parts, part: Part, group: Group, *, images: int, steps: int = 32
) -> float:
    """SI on pixels, so that the baseline of the integrated gradients is a black image."""
    return saliency_similarity(
        lambda pixels: logits(parts.normalize(pixels)),
        part.pixels[:images],
        part.labels[:images],
        group,
        steps=steps,
    )
