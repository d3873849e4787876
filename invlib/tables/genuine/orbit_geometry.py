"""Tables of genuine/orbit_geometry."""

import pandas as pd

from invlib.studies.genuine.sample import GROUPS
from invlib.studies.study import Runs
from invlib.tables.summary import mean_and_spread

SHORT = {"R4": "R²₄", "T3": "T²₃"}
DISTANCES = {
    "orbit_over_class": "orbit / class",
    "class_over_others": "class / others",
    "orbit_over_others": "orbit / others",
    "orbits_inside": "orbits inside their class",
}
NEIGHBOURS = {
    "neighbours_own_orbit": "own orbit nearest",
    "neighbours_own_class": "others: own class",
    "neighbours_own_pose": "others: own pose",
    "class_probe": "probe: class",
    "pose_probe": "probe: pose",
}


def geometry_table(numbers: Runs, columns: dict[str, str]) -> pd.DataFrame:
    """Some numbers of the penultimate layer, per group and method."""
    rows = []
    for group in GROUPS:
        for method in ("DA", "IR", "WT"):
            own = numbers.where(group=group, method=method).frame()
            row = {"group": SHORT[group], "method": method, "n": len(own)}
            rows.append(row | {name: mean_and_spread(own[c], 2) for c, name in columns.items()})
    return pd.DataFrame(rows)
