"""What genuine/tradeoff plans, what it derives, and what its tables say of made-up records."""

import math

import pandas as pd
import pytest

from invlib.errors import UsageError
from invlib.records.record import Record, Run
from invlib.studies.genuine.relative_measures import derive
from invlib.studies.genuine.tradeoff import STUDY, Tradeoff
from invlib.tables.genuine.fronts import accuracy_at
from invlib.tables.linear.regularization_path import brief


def test_the_plan_has_every_strength_once_and_a_batch_per_seed():
    parameters = Tradeoff(
        groups=["R4", "T3"], other_dataset="mnist", padding=2, search_seeds=2, seeds=2
    )
    labels = [config.label for _, config, seeds in STUDY.plan(parameters) for _ in seeds]
    assert len(labels) == 2 * 2 * 5 * 2  # data sets, groups, methods and strengths, seeds
    assert labels.count("digits-R4-IR-0.1") == labels.count("mnist-T3-WT") == 2
    assert all(len(seeds) == 1 for _, _, seeds in STUDY.plan(parameters))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"strengths": [1.0, 0.1, 10.0]}, "weakest first"),
        ({"strengths": [1.0, 10.0]}, "at least three"),
        ({"batch": 300}, "batch is 300"),
        ({"groups": ["R5"]}, "R5"),
    ],
)
def test_parameters_that_do_not_fit_are_refused_by_name(values, words):
    with pytest.raises(UsageError, match=words):
        Tradeoff(**values)


@pytest.mark.parametrize("c", [0.01, 1.0, 30.0])
def test_derived_measures_ignore_the_scale_of_the_logits(c):
    run = Run("genuine/network", "x", {}, 0, "digits", "")
    metrics = {"LI": 6 * c**2, "logit_variance": 24 * c**2, "sigma_max": 3 * c}
    found = derive(Record(run, metrics, {}, {}, {})).metrics
    assert found["relative_LI"] == pytest.approx(0.25)
    assert found["relative_sigma"] == pytest.approx(3 / 24**0.5)


def test_derived_measures_of_constant_logits_are_undefined_and_shown_as_a_dash():
    run = Run("genuine/network", "x", {}, 0, "digits", "")
    metrics = {"LI": 0.0, "logit_variance": 0.0, "sigma_max": 0.0}
    found = derive(Record(run, metrics, {}, {}, {})).metrics
    assert math.isnan(found["relative_LI"])
    assert math.isnan(found["relative_sigma"])
    assert brief(pd.Series([found["relative_LI"]] * 3)) == "–"
    assert brief(pd.Series([found["relative_LI"], 0.25])) == "0.25"


def test_the_accuracy_at_a_similarity_lies_on_the_line_between_strengths():
    path = pd.DataFrame({"SI": [0.2, 0.9, 1.0], "accuracy": [0.95, 0.93, 0.83]})
    assert accuracy_at(path, 0.95) == "0.880"
    assert accuracy_at(path, 0.1) == "0.950"
    assert accuracy_at(path.head(2), 0.95) == "–"
