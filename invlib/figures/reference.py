"""The paper's own curves, where we could read them, to draw behind ours."""

from dataclasses import dataclass

import pandas as pd

from invlib.errors import InvlibError
from invlib.settings import from_environment


@dataclass(frozen=True)
class PaperCurves:
    """Curves of a paper's figure: one row per label and point, and how they were read."""

    frame: pd.DataFrame  # label, epoch (or another axis), value
    notes: str


def paper_curves(name: str, axis: str = "epoch") -> PaperCurves:
    """The curves in notebooks/<paper>/reference/<name>.csv, such as linear/fig2_accuracy."""
    paper, _, figure = name.partition("/")
    path = from_environment().notebooks_dir / paper / "reference" / f"{figure}.csv"
    if not path.is_file():
        raise InvlibError(f"no reference curves {name!r}: {path} does not exist.")
    text = path.read_text(encoding="utf-8")
    notes = " ".join(line.lstrip("# ") for line in text.splitlines() if line.startswith("#"))
    wide = pd.read_csv(path, comment="#")
    frame = wide.melt(id_vars=axis, var_name="label", value_name="value")
    return PaperCurves(frame, notes)
