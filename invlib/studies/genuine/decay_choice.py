"""Which strength of each penalty, and which penalties: rules on validation images alone.

A strength is chosen by the paper's rule: the weakest whose SI reaches 0.95, or else the one with
the largest SI. Candidates are ranked at their chosen strength. Those that reach 0.95 come first,
the most accurate of them before the others; then the rest by SI.
"""

import pandas as pd

from invlib.methods.scale_free_penalties import CANDIDATES
from invlib.studies.genuine.strength_search import TARGET, choose

LOOKED_AT = ["validation_SI", "validation_accuracy"]


def chosen_strengths(frame: pd.DataFrame) -> pd.DataFrame:
    """For each penalty its chosen strength and what it has there: means over seeds."""
    means = frame.groupby(["penalty", "strength"])[LOOKED_AT].mean()
    rows = {}
    for penalty, own in means.groupby(level="penalty", sort=False):
        own = own.droplevel("penalty")
        strength = choose(own["validation_SI"].to_dict())
        rows[penalty] = {"strength": strength, **own.loc[strength]}
    return pd.DataFrame.from_dict(rows, orient="index")


def ranked(chosen: pd.DataFrame) -> list[str]:
    """The candidates among chosen penalties, best first."""
    own = chosen[chosen.index.isin(CANDIDATES)]
    reached = own["validation_SI"] >= TARGET
    merit = own["validation_accuracy"].where(reached, own["validation_SI"])
    order = pd.DataFrame({"reached": reached, "merit": merit})
    return list(order.sort_values(["reached", "merit"], ascending=False).index)
