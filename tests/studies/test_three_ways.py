"""The first experiment end to end on the digits, small, and its subsets and refusals."""

import numpy as np
import pytest
import torch

from invlib.errors import UsageError
from invlib.figures import paper_curves
from invlib.figures.linear.cost import cost_figure
from invlib.groups import rotations
from invlib.studies.linear import cost, optimum, two_layer
from invlib.studies.linear.optimum import Problem, augmented_accuracy, solve
from invlib.studies.linear.sample import Sample, training_subsets, unseen_images
from invlib.studies.linear.three_ways import STUDY, ThreeWays
from invlib.studies.linear.two_layer import TwoLayer, train
from invlib.studies.study import collect
from invlib.tables.linear.cost import MANNERS, cost_table
from invlib.tables.linear.settling import settling_table


def quiet(label, fraction):
    """No progress lines in tests."""


@pytest.fixture(scope="module")
def outcomes():
    config = TwoLayer(samples=200, epochs=60, observe_every=20)
    return train(config, [0, 1], quiet)


def test_curves_and_metrics_belong_together(outcomes):
    for outcome in outcomes:
        assert outcome.curves["epoch"].tolist() == [0, 20, 40, 60]
        for name in ("loss", "accuracy", "noninvariant_norm", "invariant_proportion"):
            assert outcome.curves[name][-1] == pytest.approx(outcome.metrics[name], rel=1e-6)
        assert outcome.metrics["loss"] >= outcome.metrics["optimum_loss"]
        assert 0 < outcome.metrics["invariant_proportion"] <= 1


def test_seeds_differ_and_repeat(outcomes):
    assert outcomes[0].metrics != outcomes[1].metrics
    again = train(TwoLayer(samples=200, epochs=60, observe_every=20), [0, 1], quiet)
    np.testing.assert_array_equal(again[1].arrays["weight"], outcomes[1].arrays["weight"])


def test_a_constrained_network_is_invariant_throughout():
    (outcome,) = train(TwoLayer(samples=50, epochs=20, method="constrained"), [0], quiet)
    assert outcome.curves["noninvariant_norm"].max() < 1e-6
    assert outcome.curves["invariant_proportion"].min() == pytest.approx(1)


def test_accuracy_by_turning_rows_is_accuracy_by_turning_images():
    group = rotations(8)
    X, Y = training_subsets(Sample(samples=100), [0, 1])
    W = torch.randn(2, 9, 64, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    expected = [
        (group.orbit(X[i]).float() @ W[i].float().T).argmax(-1).eq(Y[i].argmax(-1)[:, None])
        for i in range(2)
    ]
    found = augmented_accuracy(W, X, Y, group)
    for i in range(2):
        assert found[i].item() == pytest.approx(expected[i].double().mean().item())


def test_subsets_leave_out_nine_and_share_no_test_image():
    X, Y = training_subsets(Sample(samples=300), [0, 1])
    assert X.shape == (2, 300, 64)
    assert Y.sum(-1).eq(1).all()
    assert not torch.equal(X[0], X[1])
    unseen, _ = unseen_images(Sample())
    assert X.max() <= 1
    seen = {tuple(row) for row in (16 * X).int().flatten(0, 1).tolist()}
    assert not seen & {tuple(row) for row in (16 * unseen).int().tolist()}


@pytest.mark.parametrize("pooling", ["mean", "max", "stride"])
def test_pooling_halves_the_side(pooling):
    X, _ = training_subsets(Sample(side=4, samples=10, pooling=pooling), [0])
    full, _ = training_subsets(Sample(samples=10, pooling=pooling), [0])
    blocks = full.reshape(10, 4, 2, 4, 2)
    expected = {
        "mean": blocks.mean((2, 4)),
        "max": blocks.amax((2, 4)),
        "stride": blocks[:, :, 1, :, 1],
    }[pooling]
    torch.testing.assert_close(X[0], expected.flatten(1))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"samples": 5000}, "samples is 5000; digits has 1300 training images"),
        ({"side": 3}, "side is 3; it must divide 8"),
    ],
)
def test_what_only_the_data_can_refuse_is_refused_by_name(values, words):
    with pytest.raises(UsageError, match=words):
        train(TwoLayer(**values, epochs=1), [0], quiet)


def test_augmentation_and_hard_wiring_share_their_optimum():
    accuracies = [
        solve(Problem(method=name, samples=200), [0], quiet)[0].metrics["accuracy"]
        for name in ("constrained", "augmented")
    ]
    assert accuracies[0] == pytest.approx(accuracies[1], abs=1e-9)


def test_the_study_collects_every_way_with_every_seed(settings):
    parameters = ThreeWays(samples=60, epochs=10, strengths=[0.1], seeds=2)
    runs = collect(STUDY, parameters, settings)
    trained = runs.of(two_layer.EXPERIMENT).frame()
    assert sorted(trained.groupby("label").size().items()) == [
        ("augmented", 2),
        ("constrained", 2),
        ("regularized-0.1", 2),
    ]
    assert len(runs.of(optimum.EXPERIMENT).frame()) == 3 * 2 * 2
    curves = runs.of(two_layer.EXPERIMENT).curves("accuracy")
    assert set(curves.columns) == {"label", "seed", "epoch", "accuracy"}
    weights = runs.of(two_layer.EXPERIMENT).where(method="augmented").array("weight")
    assert [(run.seed, W.shape) for run, W in weights.items()] == [(0, (9, 64)), (1, (9, 64))]
    assert len(list(settings.runs_dir.rglob("*.json"))) == 6 + 12 + 2
    assert set(trained["settling_epoch"]) <= {0, 10}  # derived, the only epochs there are
    assert "settling_epoch" not in runs.of(optimum.EXPERIMENT).frame()
    table = settling_table(runs.of(two_layer.EXPERIMENT), 10)
    assert set(table["accuracy at epoch 10 over the last"]) == {"1.000\u00a0±\u00a00.000"}
    assert len(cost_table(runs.of(cost.EXPERIMENT))) == len(MANNERS)
    words = [text.get_text() for text in cost_figure(runs.of(cost.EXPERIMENT)).axes[0].texts]
    assert words == list(MANNERS.values())
    theirs = settling_table(
        runs.of(two_layer.EXPERIMENT), 500, paper_curves("linear/fig2_accuracy")
    )
    assert theirs.set_index("method").loc["data augmentation", "paper: settles"] == "160"
    assert "accuracy at epoch 500 over the last" not in theirs  # ten epochs have none
