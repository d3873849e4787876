"""The penultimate layer in two dimensions by t-SNE, to be looked at (Fig. 2)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.manifold import TSNE

from invlib.config import option
from invlib.experiment import Experiment, Outcome, Report
from invlib.studies.genuine.kinds import Trained
from invlib.studies.genuine.looked_at import LookedAt
from invlib.studies.genuine.networks import networks
from invlib.studies.genuine.orbit_layers import layers_of

PERPLEXITY = 30.0


@dataclass(frozen=True)
class Embedding(LookedAt):
    """A network, and how its penultimate layer is brought into a plane."""

    iterations: int = option(500, "steps of t-SNE", low=250)


def embed(config: Embedding, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """The plane of the network of each seed."""
    return [_outcome(config, one) for one in networks(config.network, seeds, report)]


def _outcome(config: Embedding, one: Trained) -> Outcome:
    layers, labels = layers_of(one, one.parts.test, 0, config.images)
    n, order, width = layers[-1].shape
    flat = layers[-1].reshape(n * order, width).double().numpy()
    tsne = TSNE(
        perplexity=PERPLEXITY, init="pca", max_iter=config.iterations, random_state=0, n_jobs=1
    )
    plane = tsne.fit_transform(flat).reshape(n, order, 2)
    arrays = {"plane": plane.astype(np.float16), "labels": labels.numpy().astype(np.uint8)}
    return Outcome({"divergence": float(tsne.kl_divergence_)}, arrays=arrays)


EXPERIMENT = Experiment(
    name="genuine/orbit_embedding",
    module=__name__,
    attribute="EXPERIMENT",
    config=Embedding,
    data=lambda config: config.dataset,
    run=embed,
    label=lambda config: f"{config.place}-{config.method}-plane",
)
