"""Critical points under augmentation are invariant: the proof's steps, and the study end to end."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from invlib.errors import UsageError
from invlib.figures.linear.cross_entropy import points_frame, search_looks
from invlib.groups import flips, rotations, translations
from invlib.methods.ways import LOSSES, method
from invlib.metrics import noninvariant_part
from invlib.studies.linear import cross_entropy_search, pooled, two_layer
from invlib.studies.linear.at_a_point import noninvariance_bound, smallest_curvature
from invlib.studies.linear.cross_entropy import STUDY, CrossEntropy
from invlib.studies.linear.cross_entropy_search import CriticalPoints, problem, search
from invlib.studies.linear.sample import training_subsets
from invlib.studies.linear.span import span_of_orbits
from invlib.studies.study import collect
from invlib.tables.linear.cross_entropy import cross_entropy_pooling_table, searches_table

GROUPS = [rotations(4), rotations(3, order=2), translations(6, order=3), flips(4)]


def quiet(label, fraction):
    """No progress lines in tests."""


def found(**values):
    config = CriticalPoints(**{"side": 4, "samples": 60, "hidden": 2, "starts": 6, **values})
    return search(config, [0, 1], quiet)


@given(st.integers(0, 10_000), st.sampled_from(GROUPS), st.sampled_from(list(LOSSES)))
@settings(max_examples=40, deadline=None)
def test_averaging_the_first_of_three_layers_gains_what_the_proof_says(seed, group, loss):
    """0 ≤ f(V) − f(V Ḡ) ≤ ⟨∇f(V), V (I − Ḡ)⟩, for any layers above V."""
    generator = torch.Generator().manual_seed(seed)

    def draw(*shape):
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    X, labels = draw(1, 10, group.pixels), draw(1, 10, 4).argmax(-1)
    objective = LOSSES[loss].on_orbits(X, torch.nn.functional.one_hot(labels, 4).double(), group)
    V, above = draw(1, 3, group.pixels), draw(1, 4, 2) @ draw(1, 2, 3)
    removed = noninvariant_part(V, group)
    gain = objective.value(above @ V) - objective.value(above @ (V - removed))
    slope = ((above.mT @ objective.gradient(above @ V)) * removed).sum()
    assert -1e-12 <= gain <= slope + 1e-12


@pytest.mark.parametrize("loss", ["cross_entropy", "mse"])
def test_augmented_critical_points_are_invariant_and_hard_wired_ones_too(loss):
    for outcome in found(loss=loss):
        assert outcome.metrics["largest_noninvariance"] < 1e-6
        assert outcome.metrics["full_rank_map_noninvariance"] < 1e-6
        assert outcome.metrics["largest_twin_gradient"] < 1e-6
        assert outcome.metrics["largest_gradient_norm"] < 1e-12
        assert outcome.arrays["descending"].min() == 0


def test_with_a_part_of_the_group_or_a_penalty_they_are_not():
    for values in ({"turns": 2}, {"method": "regularized", "strength": 0.1}):
        for outcome in found(**values):
            assert outcome.metrics["smallest_noninvariance"] > 1e-5


def test_the_penalty_bound_holds_and_falls_with_strength():
    weak = found(method="regularized", strength=1.0)
    strong = found(method="regularized", strength=10.0)
    for low, high in zip(weak, strong, strict=True):
        assert low.metrics["bound_share"] < 1
        assert high.metrics["bound"] == pytest.approx(low.metrics["bound"] / 10)
        ratio = high.metrics["lowest_noninvariant_norm"] / low.metrics["lowest_noninvariant_norm"]
        assert 0.09 < ratio < 0.11


def test_the_bound_for_quarter_turns_has_mu_two():
    X = torch.ones(1, 3, 16, dtype=torch.float64)
    bound = noninvariance_bound(X, rotations(4), 0.5)
    assert bound.item() == pytest.approx(2**0.5 * 4 / (2 * 0.5 * 2))


def test_constructed_points_are_critical_and_not_invariant():
    for outcome in found():
        metrics = outcome.metrics
        assert metrics["idle_gradient"] < 1e-10
        assert metrics["shift_gradient"] < 1e-10
        assert min(metrics["idle_first"], metrics["shift_map"]) > 0.1
        assert max(metrics["idle_map"], metrics["idle_softmax"], metrics["shift_softmax"]) < 1e-8


def setting(**values):
    config = CriticalPoints(**{"side": 4, "samples": 60, "hidden": 2, **values})
    group = rotations(4)
    X, Y = training_subsets(config, [0, 1])
    span = span_of_orbits(X, group, config.strength)
    return config, group, X, Y, span


def test_in_the_coordinates_of_the_span_orbits_have_variance_one():
    _, group, X, _, span = setting()
    orbits = group.orbit(X).flatten(1, 2) @ span.basis
    moment = orbits.mT @ orbits / orbits.shape[1]
    torch.testing.assert_close(moment, torch.eye(16, dtype=torch.float64).expand(2, -1, -1))
    inside = span.invariant.mT
    torch.testing.assert_close(group.orbit(inside).mean(-2), inside)
    others = span.basis[..., span.orbits :].mT
    assert group.orbit(others).mean(-2).abs().max() < 1e-10


def test_blank_pixels_have_no_direction():
    _, group, X, Y, _ = setting()
    X = X.clone()
    X[..., [0, 3, 12, 15]] = 0  # the corners: one orbit
    span = span_of_orbits(X, group)
    assert span.present.sum(-1).tolist() == [12, 12]
    assert span.basis[:, [0, 3, 12, 15]].abs().max() < 1e-9
    objective = problem(CriticalPoints(side=4, samples=60, hidden=2), X, Y, span)
    theta = torch.randn(2, 1, 2 * 25, dtype=torch.float64, generator=torch.Generator())
    assert smallest_curvature(objective, theta, span).min() > 0


@pytest.mark.parametrize(
    "values", [{}, {"method": "regularized", "strength": 0.3}, {"method": "constrained"}]
)
def test_the_objective_in_coordinates_is_the_one_of_training(values):
    config, group, X, Y, span = setting(**values)
    objective = problem(config, X, Y, span)
    shape = (2, 1, 2 * (objective.X.shape[-1] + 9))
    theta = torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    first, second = objective.layers(theta)
    basis = span.basis[..., : first.shape[-1]]
    W = (second @ first)[:, 0] @ basis.mT
    way = method(config.method, config.strength)
    trained = way.objective(LOSSES["cross_entropy"], X, Y, group)
    expected = trained.value(way.from_pixels(W, group))
    torch.testing.assert_close(objective.value_and_gradient(theta)[0][:, 0], expected)


def test_curvature_is_positive_where_a_minimum_exists_and_not_where_images_are_separable():
    config, _, X, Y, span = setting(hidden=9)
    (outcome, _) = found(hidden=9, starts=1)
    assert outcome.metrics["smallest_curvature"] > 1e-6
    objective = problem(config, X[:, :1], Y[:, :1], span)
    theta = torch.randn(2, 1, 9 * 25, dtype=torch.float64, generator=torch.Generator())
    assert abs(smallest_curvature(objective, theta, span)).max() < 1e-10


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"turns": 5}, "turns is 5; it must be at most 4"),
        ({"turns": 2, "method": "constrained"}, "turns is 2; only augmented leaves turns out"),
        ({"tolerance": 1.0}, "tolerance is 1.0; it must be at most 1e-06"),
        ({"loss": "hinge"}, "unknown value 'hinge' for parameter loss"),
    ],
)
def test_a_wrong_search_is_refused_by_name(values, words):
    with pytest.raises(UsageError, match=words):
        CriticalPoints(**values)


def test_a_label_names_what_is_searched():
    assert CriticalPoints(hidden=2).label == "augmented+critical+r=2"
    assert CriticalPoints(turns=2, hidden=2).label == "augmented+critical+turns=2+r=2"
    assert CriticalPoints(loss="mse", hidden=3).label == "augmented+critical+mse+r=3"


def test_the_study_trains_compares_and_searches(settings):
    parameters = CrossEntropy(
        side=4, samples=60, epochs=10, strengths=[0.1], seeds=1, poolings=["mean", "max"],
        search_samples=60, search_strengths=[0.1], starts=4,
    )  # fmt: skip
    runs = collect(STUDY, parameters, settings)
    assert sorted(runs.of(two_layer.EXPERIMENT).frame()["label"]) == [
        "augmented+cross_entropy",
        "constrained+cross_entropy",
        "regularized-0.1+cross_entropy",
    ]
    frame = runs.frame()
    assert sum(frame["label"] == "max-constrained+cross_entropy") == 1
    searched = runs.of(cross_entropy_search.EXPERIMENT)
    assert len(searched.known) == 5
    for known in searched.known:
        sizes = {len(values) for values in known.record.arrays.values()}
        assert sizes == {int(known.record.metrics["found"])}
        assert np.isfinite(list(known.record.metrics.values())).all()

    assert list(searches_table(searched)["hidden units"]) == [2, 2, 9, 2, 2]
    pooling = cross_entropy_pooling_table(
        *(runs.of(e) for e in (two_layer.EXPERIMENT, pooled.EXPERIMENT))
    )
    assert list(pooling["pooling"]) == ["mean", "max"]
    assert set(pooling.columns) == {
        "pooling", "n", "constrained (hard-wired)", "regularized, λ\u00a0=\u00a00.1",
    }  # fmt: skip
    points = points_frame(searched)
    assert len(points) == searched.frame()["found"].sum()
    assert len({look.name for look in search_looks(list(points["label"].unique())).values()}) == 4


def test_a_search_on_too_few_images_is_refused_before_anything_runs(settings):
    with pytest.raises(UsageError, match="samples is 5000; digits has 1300"):
        collect(STUDY, CrossEntropy(search_samples=5000), settings)
