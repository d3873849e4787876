"""Tables of genuine/orbit_maps."""

import pandas as pd

from invlib.saliency.readings import READINGS
from invlib.studies.genuine.sample import GROUPS
from invlib.studies.study import Runs
from invlib.tables.summary import mean_and_spread

SHORT = {"R4": "R²₄", "T3": "T²₃"}
COLUMNS = {
    "agreement": "predictions agree",
    "SI": "SI",
    "SI_agreeing": "SI where they agree",
    "aligned_share": "of these, cosine ≥ 0.9",
    "SI_not_turned_back": "SI, not turned back",
    "SI_other_image": "another image of the class",
}


def pairs_table(pairs: Runs) -> pd.DataFrame:
    """Per group and method: how often predictions agree, and how alike maps are."""
    rows = []
    for group in GROUPS:
        for method in ("DA", "IR", "WT"):
            own = pairs.where(group=group, method=method).frame()
            row = {"group": SHORT[group], "method": method, "n": len(own)}
            rows.append(row | {name: mean_and_spread(own[c], 2) for c, name in COLUMNS.items()})
    return pd.DataFrame(rows)


def readings_table(choices: Runs, paper: bool) -> pd.DataFrame:
    """SI of DA and IR by every reading of the saliency map; last, the paper's values."""
    rows = []
    for name, reading in READINGS.items():
        row = {"reading": reading.words}
        for group in GROUPS:
            own = choices.where(group=group).frame()
            for method in ("DA", "IR"):
                row[f"{SHORT[group]} {method}"] = mean_and_spread(own[f"{method}_{name}"], 2)
        rows.append(row)
    if paper:
        values = (
            "0.17\u00a0±\u00a00.04",
            "0.95\u00a0±\u00a00.03",
            "0.57\u00a0±\u00a00.08",
            "0.95\u00a0±\u00a00.07",
        )
        rows.append(dict(zip(rows[0], ("the paper, Table 1", *values), strict=True)))
    return pd.DataFrame(rows)
