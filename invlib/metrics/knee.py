"""The knee of a trade-off: where a curve turns from cheap to dear."""

import numpy as np

from invlib.errors import UsageError


def knee(gain: np.ndarray, price: np.ndarray) -> int:
    """The point of a curve that lies farthest on its cheap side from the chord between its ends.

    Both axes are scaled to the span between the curve's ends, so that units do not matter. The
    price is what rises with the gain; a point below the chord has more of the gain for its price
    than the way between the ends would. A curve with no such point has its knee at its start.
    """
    gain, price = np.asarray(gain, float), np.asarray(price, float)
    if gain.shape != price.shape or gain.ndim != 1 or len(gain) < 3:
        raise UsageError("a knee needs a curve of three points or more, two numbers for each.")
    spans = gain[-1] - gain[0], price[-1] - price[0]
    if 0 in spans:
        return 0
    cheap = (gain - gain[0]) / spans[0] - (price - price[0]) / spans[1]
    return int(cheap.argmax())
