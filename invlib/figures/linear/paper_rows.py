"""The four rows of W that the paper shows (linear, Figs. 1 and 6), and their columns' spread."""

import numpy as np
import pandas as pd

from invlib.figures.reference import PaperCurves
from invlib.metrics.orbit_spread import orbit_spread


def panels(paper: PaperCurves) -> list[pd.DataFrame]:
    """The paper's panels in its order: epochs as rows, the four columns of W as columns."""
    frame = paper.frame.copy()
    frame[["panel", "column"]] = frame["label"].str.rsplit(" ", n=1, expand=True)
    return [
        lines.pivot(index="epoch", columns="column", values="value")
        for _, lines in frame.groupby("panel", sort=False)
    ]


def paper_spread(paper: PaperCurves) -> PaperCurves:
    """The spread of the paper's columns over its four rows, as a curve of an augmented network."""
    rows = panels(paper)
    spread = orbit_spread(np.stack([row.to_numpy() for row in rows], 1))
    frame = pd.DataFrame({"label": "augmented", "epoch": rows[0].index, "value": spread})
    return PaperCurves(frame, paper.notes)
