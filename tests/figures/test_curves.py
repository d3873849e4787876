"""Lines and markers of the same method lie on each other, whatever the axis."""

import numpy as np
import pytest
from matplotlib import pyplot

from invlib.config import Config
from invlib.figures.curves import draw_methods
from invlib.records.memo import Known
from invlib.records.record import Record, Run
from invlib.studies.study import Runs


def runs(*curves):
    epochs = np.arange(len(curves[0])) * 10
    return Runs(
        [
            Known(
                Record(
                    Run("toy", "augmented", {}, seed, "digits", ""),
                    {},
                    {"epoch": epochs, "curve": np.array(curve)},
                    {},
                    {},
                ),
                "published",
                False,
            )
            for seed, curve in enumerate(curves)
        ],
        Config(),
    )


@pytest.mark.parametrize(("scale", "expected"), [("linear", [50.5, 5.05]), ("log", [10.0, 1.0])])
def test_markers_and_line_show_the_mean_that_the_axis_does(scale, expected):
    figure, axes = pyplot.subplots()
    axes.set(yscale=scale)
    draw_methods(axes, runs([1.0, 0.1], [100.0, 10.0]), "curve")
    line, markers = axes.lines
    np.testing.assert_allclose(line.get_ydata(), expected)
    np.testing.assert_allclose(markers.get_ydata(), expected)
    pyplot.close(figure)
