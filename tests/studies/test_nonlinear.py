"""The study behind linear/nonlinear: what its records hold, and the tiny example by hand."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from invlib.errors import UsageError
from invlib.groups import rotations
from invlib.metrics.relative import relative_invariance_error
from invlib.models.mlp import BatchedMLP
from invlib.studies.linear import flip_example, nonlinear_depth
from invlib.studies.linear.flip_example import OPTIMA, SWAP, FlipExample
from invlib.studies.linear.nonlinear import STUDY, Nonlinear, plan
from invlib.studies.linear.nonlinear_sample import orbit_means, points_to_measure, summary_over
from invlib.studies.linear.nonlinear_training import NonlinearTwoLayer, train
from invlib.studies.linear.sample import Sample, training_subsets, unseen_images
from invlib.studies.study import collect
from invlib.training.seeds import stream

SMALL = {"samples": 60, "points": 40, "epochs": 30}


def quiet(label, fraction):
    """No progress lines in tests."""


@pytest.fixture(scope="module")
def augmented():
    return train(NonlinearTwoLayer(**SMALL, observe_every=10, measure_every=20), [0, 1], quiet)


def test_curves_and_metrics_belong_together(augmented):
    for outcome in augmented:
        assert outcome.curves["epoch"].tolist() == [0, 10, 20, 30]
        assert outcome.curves["measured_epoch"].tolist() == [0, 20, 30]
        for name in ("relu", "tanh"):
            for what in ("loss", "spread", "first_invariant", "eps_images", "eps_gaussian"):
                key = f"{name}_{what}"
                assert outcome.curves[key][-1] == pytest.approx(outcome.metrics[key], rel=1e-6)
            assert 0 < outcome.metrics[f"{name}_spread"] < outcome.metrics[f"{name}_loss"]
        assert outcome.metrics["eps_images"] == pytest.approx(
            np.sqrt(outcome.metrics["relu_eps_images"] * outcome.metrics["tanh_eps_images"])
        )


def test_seeds_differ_and_do_not_depend_on_each_other(augmented):
    config = NonlinearTwoLayer(**SMALL, observe_every=10, measure_every=20)
    (alone,) = train(config, [1], quiet)
    assert alone.metrics == augmented[1].metrics
    assert alone.metrics != augmented[0].metrics


def test_at_the_start_all_is_as_plain_networks_on_the_posed_images_have_it(augmented):
    group = rotations(8)
    X, Y = training_subsets(Sample(samples=60), [0])
    plain = BatchedMLP(widths=(64, 7, 9), activation="tanh", generators=[stream(0, "init")])
    values = plain(group.orbit(X[0].float()).flatten(0, 1)).detach().view(60, 4, 9)
    curves = augmented[0].curves
    loss = (values - Y[0].float().unsqueeze(1)).square().mean()
    spread = values.var(1, correction=0).mean()
    assert curves["tanh_loss"][0] == pytest.approx(float(loss), rel=1e-5)
    assert curves["tanh_spread"][0] == pytest.approx(float(spread), rel=1e-4)
    points, _ = points_to_measure(Sample(), 40, 0)
    for kind, x in points.items():
        expected = relative_invariance_error(lambda x: plain(x)[0].detach(), x, group)
        assert curves[f"tanh_eps_{kind}"][0] == pytest.approx(expected, rel=1e-3)


def test_a_hard_wired_network_meets_every_image_once_and_has_no_invariance_to_measure():
    config = NonlinearTwoLayer(**SMALL, method="constrained", observe_every=10)
    (outcome,) = train(config, [0], quiet)
    assert set(outcome.curves) == {"epoch", "relu_loss", "tanh_loss"}
    assert 0 <= outcome.metrics["relu_test_accuracy"] <= 1


def test_orbit_means_are_the_means_over_all_turns():
    group = rotations(4)
    X = torch.rand(5, 16, generator=stream(0, "X"), dtype=torch.float64)
    means = orbit_means(X, group)
    assert means.shape == (5, 4)
    turned = group.orbit(X).mean(1)
    for row, mean in zip(turned, means, strict=True):
        assert sorted(row.tolist()) == pytest.approx(sorted(mean.tolist() * 4))


def test_points_are_unseen_images_and_noise_of_their_own_for_each_seed():
    points, labels = points_to_measure(Sample(), 50, 0)
    images, targets = unseen_images(Sample())
    of = {
        tuple(row): int(y)
        for row, y in zip(images.float().tolist(), targets.argmax(-1), strict=True)
    }
    assert [of[tuple(row)] for row in points["images"].tolist()] == labels.tolist()
    assert points["gaussian"].std().item() == pytest.approx(1, abs=0.05)
    other, _ = points_to_measure(Sample(), 50, 1)
    assert not torch.equal(points["images"], other["images"])


def test_the_summary_over_networks_is_a_geometric_mean():
    metrics = {"relu_eps": 1.0, "leaky_relu_eps": 4.0, "loss": 7.0}
    assert summary_over(("relu", "leaky_relu"), metrics) == {"eps": 2.0}


@pytest.mark.parametrize("bias", [False, True])
def test_a_two_layer_network_is_the_deeper_one_with_a_single_layer(bias, augmented):
    config = nonlinear_depth.Deep(**SMALL, layers="7", activation="tanh", bias=bias)
    deep = nonlinear_depth.train(config, [0, 1], quiet)
    for one, other in zip(deep, augmented, strict=True):
        same = one.metrics["loss"] == pytest.approx(other.metrics["tanh_loss"], rel=1e-4)
        assert same is not bias
        if not bias:
            for key in ("eps_images", "eps_gaussian_norm", "test_accuracy"):
                expected = other.metrics[f"tanh_{key}"]
                assert one.metrics[key] == pytest.approx(expected, rel=0.02)


# The example of two pixels


@pytest.mark.parametrize(("way", "activation", "hidden"), OPTIMA)
def test_training_finds_the_optima_derived_by_hand(way, activation, hidden):
    config = FlipExample(method=way, activation=activation, hidden=hidden)
    for outcome in flip_example.train(config, [0, 1], quiet):
        expected = OPTIMA[way, activation, hidden]
        assert outcome.metrics["loss"] == pytest.approx(expected, abs=1e-4)


@settings(deadline=None, max_examples=50)
@given(w=st.lists(st.floats(-3, 3), min_size=2, max_size=2), v=st.floats(-3, 3))
def test_one_relu_unit_cannot_do_better_than_a_quarter_nor_when_invariant_than_a_half(w, v):
    w = torch.tensor(w, dtype=torch.float64)
    values = v * torch.relu(SWAP.orbit(flip_example.X) @ w)  # [samples, poses]
    loss = float((values - flip_example.Y).square().mean())
    assert loss >= 0.25 - 1e-12
    averaged = values.mean(1, keepdim=True)
    spread = (values - averaged).square().mean()
    loss_of_mean = (averaged - flip_example.Y).square().mean()
    assert loss == pytest.approx(float(loss_of_mean + spread))  # so averaging never hurts
    if float(spread) < 1e-12:
        assert loss >= 0.5 - 1e-5


def test_half_of_the_quarter_is_spread():
    values = torch.relu(SWAP.orbit(flip_example.X) @ torch.tensor([0.5, -0.5]).double())
    assert float((values - flip_example.Y).square().mean()) == 0.25
    assert float(values.var(1, correction=0).mean()) == 0.125


# The notebook's parameters


def test_every_label_is_that_of_one_experiment_only():
    owners: dict[str, set[str]] = {}
    for experiment, config, _ in plan(Nonlinear()):
        owners.setdefault(experiment.label(config), set()).add(str(config))
    assert all(len(configs) == 1 for configs in owners.values())


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"bottleneck": 15}, "bottleneck is 15; it must be below wide, 15"),
        ({"fewer_samples": 600}, "fewer_samples is 600; it must be below samples, 400"),
        ({"deeper": ["7-x"]}, "layers is '7-x'; it must be widths joined by hyphens"),
        ({"deeper": ["7"]}, "deeper names '7'; it must be two hidden layers"),
        ({"activations": ["relu", "tahn"]}, "Did you mean 'tanh'"),
    ],
)
def test_bad_parameters_are_refused_by_name(values, words):
    with pytest.raises(UsageError, match=words):
        Nonlinear(**values)


def test_too_many_points_are_refused_before_anything_runs(settings):
    with pytest.raises(UsageError, match="points is 5000; digits has"):
        collect(STUDY, Nonlinear(points=5000), settings)
