"""Pictures of records, in one style, each with alt text and a line on how it was made."""

from invlib.figures.curves import method_curves
from invlib.figures.reference import PaperCurves, paper_curves
from invlib.figures.show import show_figure

__all__ = ["PaperCurves", "method_curves", "paper_curves", "show_figure"]
