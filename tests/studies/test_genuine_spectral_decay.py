"""The experiments of genuine/spectral_decay at tiny sizes, and their refusals."""

import numpy as np
import pytest

from invlib.errors import UsageError
from invlib.figures.genuine import linear_decay as linear_figures
from invlib.figures.genuine import spectral_decay as figures
from invlib.studies.genuine import linear_decay, linear_task, orbit_sensitivity, penalty_alone
from invlib.studies.genuine.linear_decay import LinearDecay
from invlib.studies.genuine.linear_task import LinearTask
from invlib.studies.genuine.looked_at import LookedAt
from invlib.studies.genuine.penalty_alone import PenaltyAlone
from invlib.studies.genuine.spectral_decay import STUDY, SpectralDecay
from invlib.studies.study import collect
from invlib.tables.genuine import spectral_decay as tables

TINY = {"train": 40, "validation": 20, "test": 20, "epochs": 2, "batch": 20, "width": 8}


def quiet(label, fraction):
    """No progress lines in tests."""


@pytest.fixture
def in_a_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("INVLIB_RUNS", str(tmp_path / "runs"))


@pytest.mark.parametrize("group", ["R4", "T3"])
def test_the_proposition_holds_on_images(group):
    config = LinearDecay(group=group, train=20, validation=1, test=1, steps=30)
    (outcome,) = linear_decay.solve(config, [0], quiet)
    found = outcome.metrics
    assert found["expm_error"] < 1e-12
    assert found["integrator_error"] < 1e-6
    assert found["rise_flow"] <= 0
    assert found["rise_safe"] < 1e-12
    assert found["second_over_first"] <= found["sigma_ratio_single"] <= 1
    assert found["sigma_ratio_limit"] < found["sigma_ratio_single"]
    assert 1 <= found["average_over_safe"] <= found["full_over_safe"]
    assert outcome.curves["safe_sigma"][0] == 1
    assert len(outcome.curves["time"]) == len(outcome.curves["flow_sigma_9"])


def test_beside_a_task_augmented_data_keep_the_order_and_upright_ones_do_not():
    config = LinearTask(train=30, validation=1, test=1)
    found = linear_task.solve(config, [0], quiet)[0].metrics
    assert found["augmented_disorder"] < 1e-9
    assert found["augmented_end_ratio"] == pytest.approx(1, abs=0.01)
    assert found["upright_disorder"] > 1e-3


def test_a_weight_tied_network_does_not_answer_to_the_whole_chord(in_a_folder):
    config = LookedAt(**TINY, method="WT", images=10)
    found = orbit_sensitivity.measure(config, [0], quiet)[0].metrics
    assert found["whole_chord"] < 1e-4 * found["along_orbit"]
    for name in orbit_sensitivity.KINDS:
        assert 0 < found[f"along_{name}"] <= found["sigma_max"]


@pytest.mark.parametrize(("penalty", "degree"), [("l2", 2), ("l2_normalized", 0)])
def test_a_penalty_alone_falls_and_pulls_alike_at_all_layers(in_a_folder, penalty, degree):
    config = PenaltyAlone(**TINY | {"width": 32}, penalty=penalty, steps=20, images=20)
    (outcome,) = penalty_alone.follow(config, [0], quiet)
    found = outcome.metrics
    assert found["pull_over_penalty"] == pytest.approx(degree, abs=1e-9)
    assert found["pull_spread"] < 1e-9
    assert found["penalty_ratio"] < 0.9
    if penalty == "l2":
        assert found["least_fall"] > 0
        assert found["fall_spread"] < 0.05  # equal in the limit of small steps
    assert np.all(np.diff(outcome.curves["step"]) == 1)


def test_the_study_is_searched_collected_and_drawn(settings, in_a_folder):
    parameters = SpectralDecay(
        **TINY,
        strengths=[1.0],
        strengths_kl=[1.0],
        strengths_normalized=[0.1],
        seeds=1,
        look_images=5,
        linear_images=10,
        random_steps=5,
        alone=["l2"],
        alone_steps=3,
    )
    runs = collect(STUDY, parameters, settings)
    final = tables.final_networks(runs).frame()
    assert sorted(final["method"]) == sorted(2 * tables.METHODS)
    assert len(tables.bars_table(runs, paper=True)) == 10 + 4
    assert len(tables.search_table(runs)) == 6
    assert len(tables.linear_table(runs)) == len(tables.alone_table(runs)) == 2
    ratios = tables.directions_frame(runs)
    assert (ratios.query("method == 'DA'")["sigma_max"] == 1).all()
    for figure in (
        figures.sensitivity_and_accuracy(runs, paper=True),
        figures.sensitivity_over_training(runs),
        figures.layer_norms(runs),
        figures.directions(runs),
        figures.penalty_alone(runs),
        linear_figures.exact_flow(runs),
        linear_figures.random_steps(runs),
        linear_figures.beside_a_task(runs),
    ):
        assert all(axes.has_data() for axes in figure.axes)


def test_refusals_by_name():
    with pytest.raises(UsageError, match="unknown value 'l3' for parameter alone"):
        SpectralDecay(alone=["l3"])
    with pytest.raises(UsageError, match="batch is 64"):
        SpectralDecay(train=40, batch=64)
    with pytest.raises(UsageError, match=r"strengths_kl\[0\] is 0"):
        SpectralDecay(strengths_kl=[0.0])
