"""Few and plain labels on a logarithmic axis, so that none overlap over less than a decade."""

from matplotlib.axis import Axis
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator


def plain_log_ticks(axis: Axis) -> None:
    """Labels at 1 and 3 times powers of ten, as plain numbers."""
    axis.set_major_locator(LogLocator(subs=(1.0, 3.0), numticks=7))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
