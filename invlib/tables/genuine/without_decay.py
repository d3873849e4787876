"""The tables of genuine/without_decay: every penalty at its chosen strength, and the criterion."""

import pandas as pd

from invlib.methods.scale_free_penalties import CANDIDATES
from invlib.studies.genuine.decay_networks import NONE
from invlib.studies.genuine.strength_search import TARGET
from invlib.studies.genuine.without_decay import REFERENCE
from invlib.studies.study import Runs
from invlib.tables.genuine.fronts import accuracy_at
from invlib.tables.linear.regularization_path import brief
from invlib.tables.summary import mean_and_spread

NAMES = {
    "none": "none (DA)",
    "l2": "L2² (IR)",
    "kl": "KL",
    "l2_normalized": "L2²-norm.",
    "ratio": "ratio",
    "detached": "ratio, V detached",
    "cosine": "cosine",
    "contrast": "contrast",
    "held": "held spread",
    "teacher": "orbit teacher",
}
MARGIN = 0.01  # of accuracy, by which a candidate must beat the paper's penalty
KEPT = 0.5  # of σ_max(J) of augmentation alone


def chosen_table(chosen: Runs, networks: Runs) -> pd.DataFrame:
    """One row per penalty at its chosen strength; last, what the paper's penalty has at that SI."""
    rows = []
    everything = compared(chosen)
    front = papers_front(everything, networks.frame())
    for penalty, own in everything.groupby("penalty", sort=False):
        rows.append(
            {
                "penalty": NAMES[penalty],
                "ν": f"{own['strength'].iloc[0]:g}" if penalty != NONE else None,
                "n": len(own),
                "accuracy": mean_and_spread(own["accuracy"]),
                "L2² there": accuracy_at(front, own["SI"].mean()),
                "SI": mean_and_spread(own["SI"], 2),
                "LI": brief(own["LI"]),
                "σ_max": mean_and_spread(own["sigma_max"], 2),
            }
        )
    return pd.DataFrame(rows)


def papers_front(chosen: pd.DataFrame, networks: pd.DataFrame) -> pd.DataFrame:
    """SI and accuracy of the paper's penalty from augmentation alone on, weakest strength first."""
    path = pd.concat(
        [chosen[chosen["penalty"] == NONE], networks[networks["penalty"] == REFERENCE]]
    )
    return path.groupby("strength")[["SI", "accuracy"]].mean()


def other_table(chosen: Runs) -> pd.DataFrame:
    """The best two, the paper's penalty and augmentation alone under the other group."""
    frame = chosen.frame()
    frame = frame[frame["group"] != frame["group"].iloc[0]]
    rows = []
    for penalty, own in frame.groupby("penalty", sort=False):
        rows.append(
            {
                "penalty": NAMES[penalty],
                "n": len(own),
                "accuracy": mean_and_spread(own["accuracy"]),
                "SI": mean_and_spread(own["SI"], 2),
                "LI / V": brief(own["relative_LI"]),
                "σ_max": mean_and_spread(own["sigma_max"], 2),
            }
        )
    return pd.DataFrame(rows)


def criterion_table(chosen: Runs) -> pd.DataFrame:
    """One row per candidate: which of the three conditions it meets, on means over seeds."""
    found = conditions(chosen).replace({True: "yes", False: "no"})
    found.insert(0, "candidate", [NAMES[name] for name in found.index])
    return found


def winners(chosen: Runs) -> int:
    """How many candidates meet all three."""
    return int(conditions(chosen).all(axis=1).sum())


def conditions(chosen: Runs) -> pd.DataFrame:
    """The three conditions of beating the paper's penalty, for each candidate."""
    means = compared(chosen).groupby("penalty", sort=False).mean(numeric_only=True)
    own = means[means.index.isin(CANDIDATES)]
    return pd.DataFrame(
        {
            f"SI ≥ {TARGET:g}": own["validation_SI"] >= TARGET,
            "more accurate": own["accuracy"] > means.loc[REFERENCE, "accuracy"] + MARGIN,
            "σ_max kept": own["sigma_max"] >= KEPT * means.loc[NONE, "sigma_max"],
        }
    )


def compared(chosen: Runs) -> pd.DataFrame:
    """The chosen networks of the first group, each once: without the roles best and second."""
    frame = chosen.frame()
    first = frame["group"] == frame["group"].iloc[0]
    return frame[first & (frame["role"] == "")]
