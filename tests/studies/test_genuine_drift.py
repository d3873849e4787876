"""The study behind genuine/drift: mixing, its other readings, realistic shifts, refusals."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from invlib.errors import UsageError
from invlib.groups import rotations
from invlib.metrics import logit_invariance_error
from invlib.models.weight_tied import WeightTiedMLP
from invlib.records.memo import Known
from invlib.records.record import Record, name_run
from invlib.studies.genuine import drift_mixtures, drift_readings, drift_shifts
from invlib.studies.genuine.drift import STUDY, Drift
from invlib.studies.genuine.drift_curves import curve_of, followed
from invlib.studies.genuine.drift_mixtures import MIXTURES, Pairs
from invlib.studies.genuine.kinds import Trained
from invlib.studies.genuine.networks import Network, build
from invlib.studies.genuine.posed import divergences, posed
from invlib.studies.genuine.sample import GROUPS, prepare
from invlib.studies.genuine.second_domain import second_domain
from invlib.studies.study import Runs
from invlib.tables.genuine.drift import rank_without

SMALL = Drift(train=60, validation=20, test=40, batch=20, mixed=40, few=20, shifted=30)


def untrained(method: str, group: str = "R4", seed: int = 0) -> Trained:
    """A network as it is before training, its weights made larger so that DI is not tiny."""
    config = Network(**SMALL.network(group, "DA").plain() | {"method": method})
    parts = prepare(config, seed)
    network = build(config, parts, [torch.Generator().manual_seed(1)]).requires_grad_(False)
    for weight in network.weights:
        weight *= 3
    return Trained(network, parts, GROUPS[group](parts.side), {}, 0)


@pytest.fixture(scope="module", params=["R4", "T3"])
def mixed(request):
    mixing, _ = SMALL.drifting(SMALL.network(request.param, "DA"))
    return {
        method: followed(mixing, untrained(method, request.param), 0) for method in ("DA", "WT")
    }


@pytest.fixture
def pairs() -> Pairs:
    one = untrained("DA")
    mixing, _ = SMALL.drifting(SMALL.network("R4", "DA"))
    pixels, _ = posed(one, one.parts.test, 20, 0)
    return Pairs(one, pixels, second_domain(mixing, "photographs", 12, 0))


def test_without_drift_every_mixture_but_one_is_the_data_set(pairs, mixed):
    clean = pairs.one.parts.normalize(pairs.first)
    for name, mixture in MIXTURES.items():
        close = 1e-5 if name != "anew" else 0.2  # normalized by these few images' own statistics
        torch.testing.assert_close(mixture(pairs, 0.0), clean, atol=close, rtol=close)
    assert all(outcome.curves["ratio"][0] == 1 for outcome in mixed.values())


def test_every_mixture_is_what_its_name_says(pairs):
    normalize, second = pairs.one.parts.normalize, pairs.domain.pixels[:20]
    standard = (second - pairs.domain.mean) / pairs.domain.deviation
    half = {
        "mixed": normalize((pairs.first + second) / 2),
        "own": (normalize(pairs.first) + standard) / 2,
        "one_sided": normalize((pairs.first + standard) / 2),
        "twice": normalize(pairs.first / 2 + second),
        "thrice": normalize(pairs.first / 2 + 1.5 * second),
        "fourfold": normalize(pairs.first / 2 + 2 * second),
    }
    for name, wanted in half.items():
        torch.testing.assert_close(MIXTURES[name](pairs, 0.5), wanted, atol=1e-5, rtol=1e-5)
    anew = MIXTURES["anew"](pairs, 0.5)
    assert float(anew.mean()) == pytest.approx(0, abs=1e-5)
    assert float(anew.std()) == pytest.approx(1, abs=1e-2)
    assert MIXTURES.keys() == half.keys() | {"anew"} == drift_mixtures.WORDS.keys()


def test_every_mixture_has_its_curves_on_both_kinds_of_images(mixed):
    for outcome in mixed.values():
        for kind in ("accuracy", "ratio", "DI"):
            for name in MIXTURES:
                for ending in ("", "_training"):
                    assert curve_of(kind, name, ending) in outcome.curves


def test_weight_tying_is_invariant_at_every_weight_and_augmentation_is_not(mixed):
    assert mixed["WT"].metrics["DI_largest"] < 1e-6
    assert (mixed["DA"].curves["DI"] > 1e-4).all()


def test_metrics_are_the_curves_at_the_papers_ten_weights(mixed):
    outcome = mixed["DA"]
    assert outcome.curves["beta"] == pytest.approx(np.arange(10) / 18)
    assert outcome.metrics["DI_at_0.222"] == outcome.curves["DI"][4]
    assert outcome.metrics["ratio_at_0.500"] == outcome.curves["ratio"][-1]
    outcome.refuse_non_finite("test")


def test_patches_are_pieces_of_the_photographs_inside_a_black_frame():
    config = SMALL.network("R4", "DA")
    domain = second_domain(config, "photographs", 12, 0)
    images = domain.pixels.view(-1, 12, 12)
    assert images.shape == (40, 12, 12)
    assert images[:, :2].abs().max() == images[:, :, -2:].abs().max() == 0
    assert (images[:, 2:-2, 2:-2].std((1, 2)) > 0).all()
    assert not torch.equal(images, second_domain(config, "photographs", 12, 1).pixels)
    same = second_domain(config, "photographs", 12, 0)
    assert torch.equal(domain.pixels, same.pixels)
    assert domain.mean == pytest.approx(float(domain.pixels.mean()), rel=1e-5)


def test_the_readings_are_what_their_names_say():
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(4, 9, 3, generator=generator, dtype=torch.float64)
    labels = logits[0].argmax(-1)
    labels[:4] = (labels[:4] + 1) % 3
    p = logits.softmax(-1)
    each = torch.tensor(
        [
            [sum(p[0, i, k] * (p[0, i, k] / p[g, i, k]).log() for k in range(3)) for i in range(9)]
            for g in range(1, 4)
        ]
    )
    torch.testing.assert_close(divergences(logits), each)
    found = drift_readings.all_readings(logits, labels)
    assert found["others"] == pytest.approx(float(each.mean()))
    assert found["identity"] == pytest.approx(float(each.mean()) * 3 / 4)
    kl_div = torch.nn.functional.kl_div(
        logits.log_softmax(-1), p[:1].expand_as(p), reduction="none"
    )
    assert found["classes"] == pytest.approx(float(kl_div.mean()))
    assert found["right"] == pytest.approx(float(each[:, 4:].mean()))
    assert found["median"] == pytest.approx(float(each.mean(0).median()))
    q = p.mean(1)
    averages = [(q[0] * (q[0] / q[g]).log()).sum() for g in range(1, 4)]
    assert found["averages"] == pytest.approx(float(sum(averages) / 3))
    assert found.keys() | {"training"} == drift_readings.WORDS.keys()
    wrong = drift_readings.right_ones(logits, (logits[0].argmax(-1) + 1) % 3)
    assert wrong == 0


def test_every_shift_starts_without_one_and_attacks_find_more_than_chance():
    _, shifts = SMALL.drifting(SMALL.network("T3", "DA"))
    outcome = drift_shifts._outcome(shifts, untrained("DA", "T3"), 0)
    starts = {outcome.curves[f"accuracy_{name}"][0] for name in drift_shifts.GRADES}
    assert len(starts) == 1
    for name in drift_shifts.ATTACKS:
        assert outcome.curves[f"accuracy_{name}"][-1] < max(starts)
    again = drift_shifts._outcome(shifts, untrained("DA", "T3"), 0)
    assert again.metrics == outcome.metrics
    outcome.refuse_non_finite("test")


def test_a_loss_at_low_divergence_is_the_largest_one_there():
    curves = {}
    for name in drift_shifts.GRADES:
        curves[f"accuracy_{name}"] = np.array([0.8, 0.7, 0.6, 0.5, 0.4, 0.3])
        curves[f"DI_{name}"] = np.array([0.0, 0.02, 0.04, 0.09, 0.2, 0.3])
    found = drift_shifts._metrics(curves)
    assert found["loss_at_low_DI_natural"] == pytest.approx(0.3)
    assert found["rank_correlation_natural"] == pytest.approx(1)
    assert found["ratio_attacks"] == pytest.approx(0.5 / 0.8)
    assert found["DI_largest_attacks"] == 0.3


def test_a_shift_left_out_of_the_rank_correlation_leaves_the_others_as_they_were():
    _, shifts = SMALL.drifting(SMALL.network("T3", "DA"))
    outcome = drift_shifts._outcome(shifts, untrained("DA", "T3"), 0)
    run = name_run(drift_shifts.EXPERIMENT, shifts, 0, "")
    known = Known(Record(run, outcome.metrics, outcome.curves, {}, {}), "local", stale=False)
    whole = outcome.metrics["rank_correlation_natural"]
    assert rank_without(Runs([known], SMALL), "T3", "none of them") == pytest.approx(whole)
    outcome.curves["accuracy_blur"][:] = np.nan
    assert np.isfinite(rank_without(Runs([known], SMALL), "T3", "blur"))


def test_rank_correlation_is_scipys_and_zero_for_what_is_constant():
    from scipy.stats import spearmanr

    generator = np.random.default_rng(0)
    a, b = generator.normal(size=20).round(1), generator.normal(size=20).round(1)
    wanted = spearmanr(a, b).statistic
    assert drift_shifts.rank_correlation(a, b) == pytest.approx(wanted)
    assert drift_shifts.rank_correlation(a, np.full(20, 1e-13)) == 0


def test_poses_are_turned_before_and_invariance_does_not_see_it():
    one = untrained("WT")
    assert isinstance(one.network, WeightTiedMLP)
    pixels, labels = posed(one, one.parts.test, 30, 0)
    upright = one.parts.test
    assert not torch.equal(pixels, upright.pixels[:30])
    assert torch.equal(labels, upright.labels[:30])
    torch.testing.assert_close(one.on_pixels(pixels), one.on_pixels(upright.pixels[:30]))
    assert logit_invariance_error(one.on_pixels, pixels, rotations(12)) < 1e-6


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"second": "fashion_mnist"}, "for dataset digits it must be one of: photographs"),
        ({"dataset": "mnist", "padding": 4, "second": "mnist"}, "fashion_mnist, photographs"),
        ({"second": "photos"}, "Did you mean 'photographs'"),
        ({"test": 80, "mixed": 81}, "images is 81; it must be at most test, 80"),
        ({"test": 80, "mixed": 80, "shifted": 500}, "images is 500; it must be at most test, 80"),
        ({"few": 80, "mixed": 70}, "few is 80; it must be at most images and train, 70"),
        ({"search_seeds": 3}, "search_seeds is 3; it must be at most seeds, 1"),
        ({"strengths": [-1.0]}, "strengths"),
    ],
)
def test_what_cannot_be_is_refused_by_name(values, words):
    with pytest.raises(UsageError, match=words):
        Drift(**values)


def test_labels_are_unique_within_the_study_and_hide_the_strength():
    work = [
        *STUDY.plan(Drift()),
        *(w for g in GROUPS for w in Drift().followed(Drift().network(g, "IR", 3.0))),
    ]
    configs = {(e.name, e.label(c)): c for e, c, _ in work}
    labels = [label for _, label in configs]
    assert len(set(labels)) == len(labels)
    assert "digits-R4-IR" in labels
    assert "digits-T3-IR+shifts" in labels
    assert "digits-T3-WT+max" in labels


def test_the_network_is_asked_for_without_what_follows_so_that_it_is_known_elsewhere():
    network = SMALL.network("R4", "IR", 1.0)
    for config in SMALL.drifting(network):
        assert config.network == network
        assert type(config.network) is Network
        assert replace(config, images=30).network == network
