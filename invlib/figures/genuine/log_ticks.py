"""Few and plain labels on a logarithmic axis, so that none overlap, over a decade or over many."""

import math
from collections.abc import Sequence

from matplotlib.axis import Axis
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator


def plain_log_ticks(axis: Axis, times: Sequence[float] = (1, 3)) -> None:
    """Labels at powers of ten, and over less than three of them at so many times these, too."""

    def label(value: float, _: int) -> str:
        low, high = axis.get_view_interval()
        is_power = math.isclose(math.log10(value), round(math.log10(value)), abs_tol=1e-9)
        return f"{value:g}" if is_power or high < 1000 * low else ""

    axis.set_major_locator(LogLocator(subs=times, numticks=7))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(label))
