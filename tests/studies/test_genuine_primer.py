"""What the primer of genuine states holds on its own draws, and could have failed."""

import numpy as np
import pytest
import torch

from invlib.errors import UsageError
from invlib.groups import rotations, translations
from invlib.metrics import logit_invariance_error, saliency_similarity
from invlib.models.orbit_average import orbit_average
from invlib.studies.genuine.primer import Primer
from invlib.studies.genuine.primer_examples import Examples, show
from invlib.studies.genuine.primer_functions import corner, functions, left_is_brighter
from invlib.studies.genuine.primer_network import learn
from invlib.studies.genuine.primer_orbits import half_turn_mean, orbit_size, outline
from invlib.studies.genuine.primer_saliency import _aligned, _similarity

SMALL = Examples(train=60, validation=20, test=20, explained=6, width=16, epochs=3, steps=4)


def quiet(label, fraction):
    """No progress lines in tests."""


@pytest.fixture(scope="module", autouse=True)
def elsewhere(tmp_path_factory):
    """What these tests train is kept in a folder of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INVLIB_RUNS", str(tmp_path_factory.mktemp("runs")))
        yield


@pytest.fixture(scope="module")
def outcome(elsewhere):
    return show(SMALL, [0], quiet)[0]


@pytest.fixture(scope="module")
def learned(elsewhere):
    return learn(SMALL, 0)


def test_what_is_mathematics_holds_on_any_network(outcome):
    found = outcome.metrics
    for name in (
        "averaged_LI_R4",
        "averaged_LI_T3",
        "averaged_DI",
        "shifted_DI",
        "gradient_gap_R4",
    ):
        assert found[name] < 1e-12, name
    for name in ("averaged_SI_R4", "averaged_SI_T3", "signed_SI", "invariant_SI_white"):
        assert found[name] == pytest.approx(1, abs=1e-9), name
    assert found["scaled_LI"] == pytest.approx(found["learned_LI"] / 100)
    assert found["scaled_SI"] == pytest.approx(found["learned_SI"])
    assert found["best_direction"] == pytest.approx(1, abs=1e-2)
    assert found["random_direction"] < found["random_direction_largest"] <= 1
    assert 0.49 < found["DI_over_LI_tie"] <= 0.5001
    assert found["DI_over_LI_any"] <= 0.5
    assert found["blank_share_black"] == 0


def test_and_what_could_have_failed_does_where_it_should(outcome):
    found = outcome.metrics
    assert found["learned_LI"] > 1e-6
    assert found["shifted_LI"] > 0.1
    assert found["slope_gap_R4"] > 0.1 > found["slope_gap_T3"]
    assert found["disc_gap_T3"] > 0.1 > found["disc_gap_R4"]
    assert min(found["matrix_gap_R4"], found["matrix_gap_T3"]) > 0.1
    assert found["invariant_SI_another"] < 1
    assert found["blank_share_white"] > 0.1


def test_seeds_repeat(outcome):
    again = show(SMALL, [0], quiet)[0]
    assert again.metrics == outcome.metrics
    np.testing.assert_array_equal(again.arrays["ball"], outcome.arrays["ball"])


def test_the_ellipse_has_the_singular_values_as_half_axes(outcome):
    smallest = outcome.arrays["ball"][0]
    reach = np.abs(smallest).max(0)
    np.testing.assert_allclose(reach, outcome.arrays["singular"][:2], rtol=1e-2)


def test_similarity_with_the_papers_choices_is_the_papers(learned):
    f, drawn = learned
    group, x, y = rotations(drawn.side), drawn.test[:6], drawn.test_labels[:6]
    aligned = _aligned(f, x, y, group, torch.zeros_like(x[0]), 4)
    expected = saliency_similarity(f, x, y, group, steps=4)
    assert _similarity(aligned, 0.9) == pytest.approx(expected, rel=1e-9)


def test_signs_reverse_with_a_half_turn_and_the_corner_moves(learned):
    f, drawn = learned
    group, x = rotations(drawn.side), drawn.test
    left = left_is_brighter(x, drawn.side)
    turned = left_is_brighter(group.act(x, 2), drawn.side)
    halves = x.view(-1, drawn.side, 2, drawn.side // 2).sum((1, 3))
    ties = (halves[:, 0] - halves[:, 1]).abs() < 1e-9
    assert (left != turned)[~ties].all()
    assert (corner(x, drawn.side) != corner(group.act(x, 1), drawn.side)).any()
    built, averaged = functions(f, group), orbit_average(f, group)
    assert built["signed"](x).abs().equal(averaged(x).abs())
    assert logit_invariance_error(built["constant"], x, group) == 0


def test_orbits_shrink_with_symmetry():
    x = torch.rand(36, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    assert orbit_size(x, rotations(6)) == 4
    assert orbit_size(x, translations(6)) == 3
    assert orbit_size(half_turn_mean(x, 6), rotations(6)) == 2
    assert orbit_size(torch.ones(36), rotations(6)) == 1


def test_the_outline_of_a_step():
    picture = torch.zeros(6, 6).double()
    picture[:, 2:4] = 1
    found = outline(picture.flatten(), 6).view(6, 6)
    assert found[0].tolist() == [0, 0.5, 0.5, 0.5, 0.5, 0]


def test_refusals():
    with pytest.raises(UsageError, match="explained is 50; it must be at most test, 20"):
        Primer(test=20, explained=50)
