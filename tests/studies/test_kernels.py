"""The experiments of linear/kernels on small digits, and their refusals."""

import numpy as np
import pytest

from invlib.errors import UsageError
from invlib.studies.linear import kernel_predictors, wide_networks
from invlib.studies.linear.kernel_predictors import KernelPredictors
from invlib.studies.linear.kernels import STUDY, Kernels
from invlib.studies.linear.wide_networks import WideNetworks
from invlib.studies.study import collect


def quiet(label, fraction):
    """No progress lines in tests."""


def test_augmented_and_averaged_predictors_are_one():
    config = KernelPredictors(samples=20, sizes=(10, 20), unseen=30)
    (outcome,) = kernel_predictors.solve(config, [0], quiet)
    found = outcome.metrics
    for name in ("difference", "difference_ridge", "difference_early", "invariance_augmented"):
        assert found[name] < 1e-10
    assert found["equivariance"] < 1e-13
    assert found["invariance_plain"] > 0.1
    assert found["accuracy_augmented"] == found["accuracy_averaged"]
    assert found["accuracy_augmented"] > found["accuracy_plain"]
    assert outcome.curves["images"].tolist() == [10, 20]
    assert outcome.curves["difference"][-1] == found["difference"]


def test_wider_networks_are_nearer_to_the_kernel():
    config = WideNetworks(side=4, samples=6, widths=(64, 4096), steps=20)
    outcomes = wide_networks.solve(config, [0, 1], quiet)
    for name in ("kernel_error", "distance", "averaged_distance", "wobble"):
        wide, narrow = (
            np.mean([o.metrics[f"{name}_{width}"] for o in outcomes]) for width in (4096, 64)
        )
        assert wide < 0.5 * narrow
    assert outcomes[0].arrays["kernels"].shape == (2, len(outcomes[0].arrays["angles"]))


def test_a_seed_does_not_depend_on_its_company():
    config = WideNetworks(side=4, samples=6, widths=(16, 32), steps=5)
    together = wide_networks.solve(config, [0, 1], quiet)[1]
    (alone,) = wide_networks.solve(config, [1], quiet)
    for name, value in alone.metrics.items():
        assert value == pytest.approx(together.metrics[name], rel=1e-9)


def test_the_study_collects_everything(settings):
    parameters = Kernels(
        samples=10, sizes=[10], unseen=5, trained=4, widths=[8, 16], steps=[2, 3], seeds=1
    )
    runs = collect(STUDY, parameters, settings)
    assert sorted(runs.frame()["label"]) == ["kernel", "networks-2", "networks-3"]


def test_refusals_by_name(settings):
    with pytest.raises(UsageError, match="sizes goes to 100, beyond samples"):
        Kernels(samples=50)
    with pytest.raises(UsageError, match="at least two widths"):
        Kernels(widths=[8])
    with pytest.raises(UsageError, match="side is 3"):
        collect(STUDY, Kernels(small_side=3, seeds=1), settings)
    with pytest.raises(UsageError, match="samples is 5000"):
        collect(STUDY, Kernels(trained=5000, seeds=1), settings)
