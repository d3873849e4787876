"""The study on the digits, small: what it finds, what it draws, and what it refuses."""

import numpy as np
import pytest

from invlib.data.manifest import read as read_manifest
from invlib.errors import UsageError
from invlib.figures.linear.critical_points import plateaus, saddle_ladder, ways_down
from invlib.settings import Settings
from invlib.studies.linear import critical_check, critical_plateaus, critical_search
from invlib.studies.linear.critical_check import check
from invlib.studies.linear.critical_instance import Instance, subsets
from invlib.studies.linear.critical_plateaus import Plateaus, train
from invlib.studies.linear.critical_points import STUDY, Landscape
from invlib.studies.linear.critical_search import Search, search
from invlib.studies.linear.sample import Sample, training_subsets
from invlib.studies.study import collect
from invlib.tables.linear.critical_points import count_table, plateau_table, search_table

SMALL = {
    "samples": 200,
    "starts": 10,
    "steps": 3000,
    "plateau_epochs": 60,
    "seeds": 2,
}


def quiet(label, fraction):
    """No progress lines in tests."""


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study")
    own = Settings(runs_dir=folder / "runs", published_dir=folder / "published")
    return collect(STUDY, Landscape(**SMALL), own)


def test_every_listed_point_passes(runs):
    frame = runs.of(critical_check.EXPERIMENT).frame().set_index(["group", "method"])
    assert len(frame) == 12
    counts = frame["points"].groupby(level=[0, 1]).first()
    assert counts["turns", "constrained"] == counts["turns", "augmented"] == 6
    assert counts["turns", "regularized"] == 36
    assert set(counts["flips"]) == {10}
    assert frame["paper_count"]["flips", "constrained"].iloc[0] == 28
    for name in ("index_errors", "degenerate", "lower_minima", "lower_index_errors"):
        assert (frame[name] == 0).all()
    assert (frame["minima"] == 1).all()
    assert (frame["lower_points"] == 1 + frame["target_rank"]).all()
    assert (frame["loss_error"] < 1e-10).all()
    augmented = frame.xs("augmented", level=1)
    assert (augmented["distance_to_constrained"] < 1e-9).all()
    regularized = frame.xs("regularized", level=1)
    assert (regularized["distance_to_constrained"] > 1e-3).all()
    assert (regularized["least_noninvariant"] > 1e-6).all()


def test_the_search_finds_nothing_else_and_descent_the_minimum(runs):
    frame = runs.of(critical_search.EXPERIMENT).frame()
    assert (frame["unknown"] == 0).all()
    assert (frame["at_full_rank"] + frame["at_lower_rank"] == frame["settled"]).all()
    assert frame["settled"].mean() > 7
    assert (frame["ended_at_minimum"] == 1).all()
    assert (frame["released_to_minimum"] == 1).all()


def test_figures_and_tables_are_made(runs):
    checked, searched, trained = (
        runs.of(one.EXPERIMENT) for one in (critical_check, critical_search, critical_plateaus)
    )
    ladder = saddle_ladder(checked)
    assert [len(panel.lines) for panel in ladder.axes] == [3, 3]
    assert len(ways_down(checked).axes) == 3  # turns: two lists; flips: one
    assert len(plateaus(trained).axes) == 2
    counts = count_table(checked, searched)
    assert counts["our count"].tolist() == [6, 6, 36, 10, 10, 10]
    assert counts["Prop. 13"].tolist() == [6, 6, 36, 28, 28, 10]
    assert counts["critical"].tolist() == ["6", "6", "36", "10", "10", "10"]
    assert search_table(searched)["unknown"].tolist() == [0] * 6
    assert len(plateau_table(trained)) == 3


def test_a_point_moved_off_is_noticed(monkeypatch):
    """The check can fail: with wrong maps no point is critical."""
    from invlib.studies.linear import critical_check as module

    honest = module.points

    def moved(*arguments):
        listed = honest(*arguments)
        listed.maps.add_(0.01)
        return listed

    monkeypatch.setattr(module, "points", moved)
    (outcome,) = check(Instance(samples=200), [0], quiet)
    assert outcome.metrics["points"] == 0
    assert outcome.metrics["loss_error"] > 1e-6


def test_a_point_left_off_the_list_is_found(monkeypatch):
    """The search can fail: without the minimum on the list its ends there are unknown."""
    from invlib.studies.linear import critical_search as module

    honest = module.Listed.nearest

    def blind(self, maps):
        place = honest(self, maps)
        return np.where(place == 0, -1, place)

    def without_minimum(self, maps):
        import torch

        return torch.as_tensor(blind(self, maps))

    monkeypatch.setattr(module.Listed, "nearest", without_minimum)
    (outcome,) = search(Search(samples=200, starts=40), [0], quiet)
    assert outcome.metrics["unknown"] > 0
    assert outcome.metrics["ended_elsewhere"] > 0


def test_training_from_tiny_layers_starts_at_the_first_level():
    config = Plateaus(samples=200, epochs=800, hidden=2)
    (outcome,) = train(config, [0], quiet)
    assert outcome.curves["loss"][0] == pytest.approx(outcome.arrays["levels"][0], rel=1e-4)
    assert outcome.metrics["nearest_0"] < 1e-5
    assert outcome.metrics["nearest_1"] < 0.2
    assert outcome.metrics["arrival_1"] > 0
    assert (np.diff(outcome.arrays["levels"]) < 0).all()
    assert outcome.metrics["nearest_saddle"] > 0.05
    epochs = outcome.curves["epoch"]
    assert (epochs[0], epochs[1], epochs[-1]) == (0, 5, 800)
    assert (np.diff(epochs) > 0).all()


def test_with_all_classes_the_subset_is_that_of_every_study():
    X, Y = subsets(Instance(samples=100), [0])
    expected_X, expected_Y = training_subsets(Sample(side=4, samples=100), [0])
    assert X.equal(expected_X)
    assert Y.equal(expected_Y)


def test_fewer_classes_leave_the_others_out():
    X, Y = subsets(Instance(samples=200, group="flips", classes=3), [0, 1])
    assert X.shape == (2, 200, 16)
    assert Y.shape == (2, 200, 3)
    assert Y.sum(-1).eq(1).all()
    assert not X[0].equal(X[1])


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"hidden": 5}, "hidden is 5; with 4 orbits under turns and 9 classes"),
        ({"turn_classes": 3, "plateau_hidden": 4}, "hidden is 4; with 4 orbits under turns and 3"),
        ({"strength": 0.0}, "strength is 0.0"),
        ({"flip_classes": 1}, "flip_classes is 1"),
    ],
)
def test_parameters_that_do_not_fit_together_are_refused_by_name(values, words):
    with pytest.raises(UsageError, match=words):
        Landscape(**values)


def test_what_only_the_data_can_refuse_is_refused_by_name():
    manifest = read_manifest("digits", Settings())
    with pytest.raises(UsageError, match=r"samples is 700; digits has 586 .* first 4 classes"):
        Landscape(samples=700, flip_classes=4).check_against(manifest)
    with pytest.raises(UsageError, match="side is 3; it must divide 8"):
        Landscape(side=3).check_against(manifest)


def test_images_that_do_not_span_all_directions_are_refused():
    with pytest.raises(UsageError, match=r"side is 8: the images span \d+ of 64 directions"):
        subsets(Instance(side=8, samples=200), [0])
