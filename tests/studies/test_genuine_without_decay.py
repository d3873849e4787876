"""genuine/without_decay: the rules of choice on made-up numbers, the plan, the linear flow."""

import numpy as np
import pandas as pd
import pytest

from invlib.errors import UsageError
from invlib.studies.genuine.decay_choice import chosen_strengths, ranked
from invlib.studies.genuine.decay_measured import CHOSEN, EXPERIMENT, Chosen
from invlib.studies.genuine.decay_networks import ALL, Penalized
from invlib.studies.genuine.linear_flow import LinearFlow, follow
from invlib.studies.genuine.narrowed import narrowed
from invlib.studies.genuine.without_decay import STUDY, WEAKEST, WithoutDecay, then
from invlib.tables.genuine.without_decay import NAMES, conditions

ROWS = [  # penalty, strength, SI, accuracy (validation), two seeds each
    ("l2", 1.0, 0.90, 0.90),
    ("l2", 10.0, 0.96, 0.85),
    ("l2", 100.0, 0.97, 0.80),
    ("ratio", 1.0, 0.96, 0.88),
    ("cosine", 1.0, 0.97, 0.89),
    ("contrast", 1.0, 0.80, 0.98),
    ("contrast", 3.0, 0.70, 0.97),
]


def frame() -> pd.DataFrame:
    rows = [
        {
            "penalty": penalty,
            "strength": strength,
            "validation_SI": similarity + noise,
            "validation_accuracy": accuracy,
        }
        for penalty, strength, similarity, accuracy in ROWS
        for noise in (-0.005, 0.005)
    ]
    return pd.DataFrame(rows)


def test_each_penalty_gets_the_weakest_strength_that_reaches_the_target_or_the_largest_si():
    found = chosen_strengths(frame())["strength"]
    assert dict(found) == {"l2": 10.0, "ratio": 1.0, "cosine": 1.0, "contrast": 1.0}


def test_candidates_that_reach_the_target_rank_by_accuracy_before_the_others():
    assert ranked(chosen_strengths(frame())) == ["cosine", "ratio", "contrast"]


class Found:
    """Records of the first plan, as far as the second plan asks for them."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self.rows = rows

    def of(self, experiment):
        assert experiment is EXPERIMENT
        return self

    def frame(self) -> pd.DataFrame:
        return self.rows


def test_the_second_plan_names_what_was_chosen_and_the_best_two():
    parameters = WithoutDecay(penalties=["l2", "ratio", "cosine", "contrast"], seeds=1)
    work = then(parameters, Found(frame()))
    assert all(experiment is CHOSEN for experiment, _, _ in work)
    labels = {config.label: (config.penalty, config.strength) for _, config, _ in work}
    assert len(labels) == len(work)
    assert labels["digits-R4-best"] == labels["digits-T3-best"] == ("cosine", 1.0)
    assert labels["digits-R4-second"] == labels["digits-R4-ratio"] == ("ratio", 1.0)
    assert labels["digits-T3-l2"] == labels["digits-R4-l2"] == ("l2", 10.0)
    assert labels["digits-T3-none"] == ("none", 0.0)
    assert "digits-T3-contrast" not in labels


def test_the_first_plan_has_every_penalty_at_every_level():
    parameters = WithoutDecay(penalties=list(ALL), seeds=3)
    work = [config for _, config, seeds in STUDY.plan(parameters) for _ in seeds]
    assert len(work) == 3 * (2 * len(ALL) + len(ALL))
    assert set(WEAKEST) == set(ALL)
    assert set(NAMES) == {*ALL, "none"}


def test_a_chosen_network_is_the_one_that_was_trained():
    chosen = Chosen(penalty="ratio", strength=3.0, role="best")
    alone = narrowed(chosen, Penalized)
    assert alone == Penalized(penalty="ratio", strength=3.0)
    assert (chosen.label, alone.label) == ("digits-R4-best", "digits-R4-ratio-3")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: WithoutDecay(penalties=["ratio"]), "must list l2"),
        (lambda: WithoutDecay(penalties=["l2", "kl"]), "at least one of: ratio"),
        (lambda: WithoutDecay(penalties=["l2", "ration"]), "ration"),
        (lambda: WithoutDecay(batch=500), "batch is 500"),
        (lambda: Penalized(penalty="ratio"), "for penalty ratio it must be above 0"),
        (lambda: Penalized(strength=1.0), "for penalty none it must be 0"),
    ],
)
def test_parameters_that_do_not_fit_are_refused_by_name(make, words):
    with pytest.raises(UsageError, match=words):
        make()


def test_a_candidate_must_meet_all_three_conditions():
    rows = [
        ("none", "", 0.3, 0.95, 10.0),
        ("l2", "", 0.96, 0.90, 2.0),
        ("ratio", "", 0.96, 0.92, 6.0),
        ("ratio", "best", 0.0, 0.0, 0.0),  # a role is the same network again: not counted
        ("held", "", 0.96, 0.905, 6.0),
        ("cosine", "", 0.94, 0.92, 4.0),
    ]
    columns = ["penalty", "role", "validation_SI", "accuracy", "sigma_max"]
    found = conditions(Found(pd.DataFrame(rows, columns=columns).assign(group="R4")))
    assert found.loc["ratio"].tolist() == [True, True, True]
    assert found.loc["held"].tolist() == [True, False, True]
    assert found.loc["cosine"].tolist() == [False, True, False]
    assert list(found.index) == ["ratio", "held", "cosine"]


def flow(penalty: str):
    config = LinearFlow(train=40, validation=10, test=10, penalty=penalty, steps=40)
    (outcome,) = follow(config, [5], lambda label, fraction: None)
    return outcome


def test_a_linear_map_shrinks_under_the_papers_penalty_and_not_under_the_ratio():
    shrinking, held = flow("l2"), flow("ratio")
    assert shrinking.metrics["last_norm"] < 0.95
    assert shrinking.metrics["rise"] <= 0
    assert held.metrics["last_norm"] == pytest.approx(1, abs=0.02)
    assert held.metrics["last_relative_LI"] < 0.9 * held.metrics["first_relative_LI"]
    assert (np.diff(held.curves["relative_LI"]) < 0).all()
