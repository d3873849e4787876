"""Pictures of records, in one style, each with alt text and a line on how it was made."""

from invlib.figures.canvas import canvas, images, legend_below
from invlib.figures.curves import draw_methods, method_curves, method_handles
from invlib.figures.reference import PaperCurves, paper_curves
from invlib.figures.show import show_figure

__all__ = [
    "PaperCurves",
    "canvas",
    "draw_methods",
    "images",
    "legend_below",
    "method_curves",
    "method_handles",
    "paper_curves",
    "show_figure",
]
