"""How a penalty's weight ν is chosen: the weakest that makes the saliency invariant (Sec. 4.1).

The paper tunes ν "such that the resulting saliency invariance similarity SI ≥ 0.95". Here: of the
strengths of a grid, the smallest whose SI on validation images, averaged over the search's seeds,
reaches the target; if none does, the one with the largest SI. Test images play no part.
"""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from invlib.studies.genuine.networks import REGULARIZED
from invlib.studies.study import Runs

TARGET = 0.95
TRIED = "genuine/network"


def similarities(runs: Runs) -> pd.DataFrame:
    """What a search looks at: for each place and method, validation SI over ν, one row per ν."""
    tried = [known.record for known in runs.known if known.record.run.experiment == TRIED]
    rows = [
        {
            "dataset": record.run.config["dataset"],
            "group": record.run.config["group"],
            "method": record.run.config["method"],
            "strength": record.run.config["strength"],
            "validation_SI": record.metrics["validation_SI"],
            "validation_accuracy": record.metrics["validation_accuracy"],
        }
        for record in tried
        if record.run.config["method"] in REGULARIZED
    ]
    return (
        pd.DataFrame(rows)
        .groupby(["dataset", "group", "method", "strength"], as_index=False)
        .mean()
        .sort_values(["dataset", "group", "method", "strength"], ignore_index=True)
    )


def choose(similarity: Mapping[float, float], target: float = TARGET) -> float:
    """The strength that the rule picks, from the mean validation SI of each."""
    reached = [strength for strength, value in similarity.items() if value >= target]
    return min(reached) if reached else max(similarity, key=lambda s: (similarity[s], -s))


def chosen_strengths(
    runs: Runs, methods: Iterable[str], groups: Iterable[str], datasets: Iterable[str]
) -> dict[tuple[str, str, str], float]:
    """The chosen ν for each (data set, group, method)."""
    table = similarities(runs)
    wanted: Sequence = [(d, g, m) for d in datasets for g in groups for m in methods]
    found = {}
    for dataset, group, method in wanted:
        own = table.query("dataset == @dataset and group == @group and method == @method")
        found[dataset, group, method] = choose(
            dict(zip(own.strength, own.validation_SI, strict=True))
        )
    return found
