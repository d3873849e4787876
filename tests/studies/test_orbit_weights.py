"""The columns of an orbit: what the study derives, what it draws, and where images are blank."""

import numpy as np
import pytest
import torch

from invlib.errors import UsageError
from invlib.figures import PaperCurves, paper_curves
from invlib.figures.linear.orbit_weights import entries_figure, spread_figure, where_figure
from invlib.figures.linear.paper_rows import paper_spread
from invlib.groups import rotations
from invlib.methods.ways import LOSSES, Augmented
from invlib.metrics import noninvariant_part
from invlib.studies.linear import orbit_contrast, two_layer
from invlib.studies.linear.orbit_contrast import contrast
from invlib.studies.linear.orbit_weights import STUDY, OrbitWeights
from invlib.studies.study import collect
from invlib.tables.linear.orbit_weights import of_four_rows, rows_table, spread_table

PARAMETERS = OrbitWeights(samples=60, epochs=20, seeds=2)
LABELS = {
    "constrained",
    "augmented",
    "regularized-0.1",
    "augmented+cross_entropy",
    "regularized-0.1+cross_entropy",
}


@pytest.fixture
def everything(settings):
    return collect(STUDY, PARAMETERS, settings)


def test_the_study_derives_the_spread_and_shows_it(everything):
    runs, images = everything.of(two_layer.EXPERIMENT), everything.of(orbit_contrast.EXPERIMENT)
    metrics = runs.frame()
    assert set(metrics["label"]) == LABELS
    curves = runs.curves("orbit_spread")
    for label, own in metrics.groupby("label"):
        last = curves[(curves["label"] == label) & (curves["epoch"] == 20)]["orbit_spread"]
        np.testing.assert_array_equal(own["orbit_spread"], last)
    equal = metrics[metrics["label"] == "constrained"]
    assert equal[["orbit_spread", "corner_spread"]].to_numpy().max() < 1e-6
    start = curves[(curves["epoch"] == 0) & (curves["label"] != "constrained")]
    assert start["orbit_spread"].between(0.5, 1).all()

    table = spread_table(runs)
    assert table["loss"].value_counts().to_dict() == {"squared error": 3, "cross-entropy": 2}
    augmented = runs.where(method="augmented", loss="mse")
    assert len(augmented.known) == 2
    spread = spread_figure(runs)
    assert [axes.get_title(loc="left") for axes in spread.axes] == [
        "squared error",
        "cross-entropy",
    ]
    where = where_figure(images, {"a": augmented, "b": augmented, "c": augmented})
    shown = where.axes[0].images[0].get_array()
    np.testing.assert_allclose(np.rot90(shown), shown, rtol=1e-5)

    paper = paper_curves("linear/fig1_orbit_weights")
    assert len(entries_figure(augmented, paper).axes) == 4
    assert of_four_rows(augmented, 0).shape == (2, 126)
    rows = rows_table({"mse": augmented}, {"mse": paper})
    assert rows["epoch"].tolist() == [20] * 6  # the last that is there
    assert set(rows["n"]) == {2}


def test_averaging_over_the_group_never_raises_the_augmented_cross_entropy():
    group = rotations(4)
    X = torch.rand(3, 20, 16, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    Y = torch.eye(9, dtype=torch.float64)[torch.arange(60).view(3, 20) % 9]
    W = 5 * torch.randn(3, 9, 16, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    objective = Augmented().objective(LOSSES["cross_entropy"], X, Y, group)
    assert (objective.value(W - noninvariant_part(W, group)) < objective.value(W)).all()
    torch.testing.assert_close(objective.value(group.act(W, 1)), objective.value(W))


def test_contrast_by_hand():
    group = rotations(2)  # one orbit
    X = torch.tensor([[1.0, 0, 0, 0], [1.0, 1, 1, 1]], dtype=torch.float64)
    expected = (3 / 16 / 2) ** 0.5  # the variance of the first image's pixels, the second has none
    torch.testing.assert_close(contrast(X, group), torch.full((4,), expected, dtype=X.dtype))


def test_contrast_is_that_of_the_turned_images_and_zero_where_blank():
    group = rotations(4)
    X = torch.rand(2, 30, 16, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    X[..., [0, 3, 12, 15]] = 0
    torch.testing.assert_close(contrast(group.act(X, 1), group), contrast(X, group))
    assert (contrast(X, group)[..., [0, 3, 12, 15]] == 0).all()
    assert (contrast(X, group)[..., 5] > 0).all()


@pytest.mark.parametrize("name", ["fig1_orbit_weights", "fig6_orbit_weights"])
def test_the_papers_four_rows_merge(name):
    paper = paper_curves(f"linear/{name}")
    assert len(paper.frame["label"].unique()) == 16
    spread = paper_spread(paper).frame
    assert spread["epoch"].is_monotonic_increasing
    assert spread["value"].iloc[0] > 0.5
    assert spread["value"].iloc[-1] < 0.05


def test_the_spread_of_paper_curves_by_hand():
    frame = PaperCurves(
        paper_curves("linear/fig1_orbit_weights").frame.assign(value=2.0), "all equal"
    )
    assert (paper_spread(frame).frame["value"] == 0).all()


def test_a_wrong_parameter_is_refused_by_name():
    with pytest.raises(UsageError, match="hidden is 0"):
        OrbitWeights(hidden=0)
    with pytest.raises(UsageError, match="strengths is empty"):
        OrbitWeights(strengths=[])
