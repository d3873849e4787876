"""What the studies behind genuine/unknown_group must do, on inputs whose answer is known."""

import numpy as np
import pytest
import torch

from invlib.errors import UsageError
from invlib.groups.square_symmetries import SquareSymmetries
from invlib.metrics.invariance_scores import Scores
from invlib.studies.genuine import data_symmetries, known_generators, learned_group
from invlib.studies.genuine.recovered_group import AGREEMENT, THRESHOLD, Recovered, ranked
from invlib.studies.genuine.unknown_group import STUDY, UnknownGroup
from invlib.training.learned_symmetries import widened

SMALL = {
    "train": 120,
    "validation": 40,
    "test": 40,
    "step": 4,
    "epochs": 3,
    "batch": 40,
    "width": 16,
    "depth": 1,
    "wait": 1,
    "every": 1,
    "probes": 20,
}


def quiet(label, fraction):
    """No progress lines in tests."""


def test_the_rule_asks_for_score_and_agreement_and_ranks_by_score():
    score = torch.tensor([0.1, 0.0, THRESHOLD + 0.01, 0.05])
    agreement = torch.tensor([1.0, 1.0, 1.0, AGREEMENT - 0.01])
    found = ranked(Scores(score, agreement), torch.tensor([7, 0, 5, 6]), THRESHOLD)
    assert found.tolist() == [0, 7]


@pytest.mark.parametrize("symmetry", ["turn", "ellipse", "shift"])
def test_a_known_motion_is_found(symmetry):
    (outcome,) = known_generators.search(known_generators.Known(symmetry=symmetry), [7], quiet)
    assert outcome.metrics["generator_gap"] < 1e-3
    assert outcome.metrics["angle"] < 3


def test_nothing_is_found_where_nothing_is():
    (outcome,) = known_generators.search(known_generators.Known(symmetry="none"), [7], quiet)
    assert outcome.metrics["continuous"] == 0
    assert outcome.metrics["generator_gap"] > 0.01


def test_plain_digits_have_no_symmetry_and_p_values_are_shares():
    config = data_symmetries.DataSymmetries(truth="none", step=4, permutations=99, half=100)
    (outcome,) = data_symmetries.compare(config, [0], quiet)
    assert outcome.metrics["recovered"] == 1
    p = outcome.arrays["p"] * 100
    np.testing.assert_allclose(p, p.round(), atol=1e-3)
    assert p.min() >= 1


def test_the_distribution_ends_at_the_gibbs_distribution():
    losses = torch.tensor([0.3, 0.1, 0.5], dtype=torch.float64)
    log_p = torch.tensor([0.9, 0.05, 0.05], dtype=torch.float64).log()
    for _ in range(200):
        log_p, p = widened(log_p, losses, 0.1, 0.3)
    torch.testing.assert_close(p, (-losses / 0.1).softmax(0))


@pytest.mark.parametrize("knowledge", learned_group.KNOWLEDGE)
def test_a_seed_gives_the_same_network_twice(knowledge):
    config = learned_group.LearnedGroup(**SMALL, truth="T3", knowledge=knowledge)
    (first,), (again,) = (learned_group.learn(config, [3], quiet) for _ in range(2))
    assert first.metrics == again.metrics
    mass = first.curves["mass"]
    if knowledge == "learned":
        assert mass[0] > 0.9
        assert mass[-1] != mass[0]
    else:
        assert mass.tolist() == pytest.approx([1.0] * 3)
        assert first.metrics["support"] == (3 if knowledge == "told" else 1)


def test_images_are_posed_by_the_true_group_alone():
    square = SquareSymmetries(12)
    assert learned_group.true_elements(square, "T3").tolist() == [0, 4, 8]
    assert learned_group.true_elements(square, "none").tolist() == [0]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: UnknownGroup(half=200), "half is 200"),
        (lambda: UnknownGroup(probes=101), "probes is 101"),
        (lambda: UnknownGroup(scoring=101), "ask for 101 images"),
        (lambda: UnknownGroup(learn_batch=301), "batch is 301"),
        (lambda: Recovered(slopes=1000), "ask for 1000"),
        (lambda: learned_group.LearnedGroup(temperature=0.0), "temperature is 0.0"),
    ],
)
def test_parameters_that_do_not_fit_are_refused_by_name(call, words):
    with pytest.raises(UsageError, match=words):
        call()


def test_candidates_without_the_true_group_are_refused():
    config = learned_group.LearnedGroup(**{**SMALL, "step": 3}, truth="T3")
    with pytest.raises(UsageError, match="step is 3"):
        learned_group.learn(config, [0], quiet)


def test_labels_are_unique_and_claims_can_name_them():
    labels = {
        (experiment.name, experiment.label(config))
        for experiment, config, _ in STUDY.plan(UnknownGroup())
    }
    names = [label for _, label in labels]
    assert len(set(names)) == len(names)
    assert {"R4-WT", "T3-DA", "known-turn", "data-none", "R4-learned"} <= set(names)
