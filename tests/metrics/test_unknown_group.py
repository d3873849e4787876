"""Scores of candidates, two-sample tests and generators against what is known of them."""

import pytest
import torch

from invlib.errors import InvlibError, UsageError
from invlib.groups import rotations
from invlib.groups.square_symmetries import SquareSymmetries
from invlib.metrics import logit_invariance_error
from invlib.metrics.affine_generators import FIELDS, affine_generators, image_changes
from invlib.metrics.energy_distance import exchanges
from invlib.metrics.invariance_scores import invariance_scores, logit_spread

SIDE = 5
SQUARE = SquareSymmetries(SIDE)


def numbers(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def test_the_spread_is_half_the_mean_squared_distance_of_pairs():
    x = numbers(9, 4)
    pairs = [(x[i] - x[j]).square().sum() / 2 for i in range(9) for j in range(9) if i != j]
    assert logit_spread(lambda x: x, x) == pytest.approx(float(torch.stack(pairs).mean()), rel=1e-6)


@pytest.mark.parametrize("batch", [1, 10_000])
def test_scores_are_the_papers_error_over_the_spread(batch):
    W, x, group = numbers(3, SIDE**2), numbers(8, SIDE**2, seed=1), rotations(SIDE)
    elements = SQUARE.of_group(group)
    found = invariance_scores(lambda x: x @ W.mT, x, SQUARE.act, elements, batch=batch)
    error = logit_invariance_error(lambda x: x @ W.mT, x, group)
    spread = logit_spread(lambda x: x @ W.mT, x)
    assert float(found.score[1:].mean()) == pytest.approx(error / spread, rel=1e-5)
    assert found.score[0] == 0
    assert found.agreement[0] == 1
    louder = invariance_scores(lambda x: 7 * x @ W.mT, x, SQUARE.act, elements)
    torch.testing.assert_close(louder.score, found.score)


def test_an_invariant_map_scores_zero_on_its_group_alone():
    W, x = rotations(SIDE).orbit(numbers(3, SIDE**2)).mean(-2), numbers(8, SIDE**2, seed=1)
    elements = SQUARE.of_group(rotations(SIDE))
    shifted = torch.tensor([SQUARE.element(right=1)])
    found = invariance_scores(lambda x: x @ W.mT, x, SQUARE.act, torch.cat([elements, shifted]))
    assert float(found.score[:4].max()) < 1e-10
    assert float(found.score[4]) > 0.01


def test_a_constant_model_has_no_score():
    with pytest.raises(InvlibError, match="same logits for all images"):
        logit_spread(lambda x: x[:, :2] * 0, numbers(4, 9))


def test_the_energy_statistic_is_its_definition():
    a, b = numbers(5, 3), numbers(7, 3, seed=1)
    ab, aa, bb = torch.cdist(a, b), torch.cdist(a, a), torch.cdist(b, b)
    division = exchanges(torch.zeros(5), torch.zeros(7), 3, torch.Generator().manual_seed(0))
    found = division.statistics(aa, ab, bb)
    assert float(found[0]) == pytest.approx(float(2 * ab.mean() - aa.mean() - bb.mean()), rel=1e-4)
    assert len(found) == 4


def test_exchanges_within_classes_average_the_classes():
    a, b = numbers(6, 3), numbers(6, 3, seed=1)
    classes = torch.tensor([0, 0, 0, 1, 1, 1])
    division = exchanges(classes, classes, 20, torch.Generator().manual_seed(0))
    ab, aa, bb = torch.cdist(a, b), torch.cdist(a, a), torch.cdist(b, b)
    each = [
        2 * ab[s, s].mean() - aa[s, s].mean() - bb[s, s].mean() for s in (slice(3), slice(3, 6))
    ]
    found = division.statistics(aa, ab, bb)
    assert float(found[0]) == pytest.approx(float(torch.stack(each).mean()), rel=1e-4)
    for row in division.weights:  # as many of either sample in each class as there were
        for label in (0, 1):
            own = row[torch.cat([classes, classes]) == label]
            assert int((own > 0).sum()) == 3


def test_the_test_keeps_its_level_and_finds_a_difference():
    def p(shift, seed):
        a, b = numbers(30, 2, seed=seed), numbers(30, 2, seed=1000 + seed) + shift
        zeros = torch.zeros(30)
        division = exchanges(zeros, zeros, 99, torch.Generator().manual_seed(seed))
        return division.p_value(
            division.statistics(torch.cdist(a, a), torch.cdist(a, b), torch.cdist(b, b))
        )

    same = [p(0.0, seed) for seed in range(60)]
    assert sum(value <= 0.1 for value in same) <= 14  # 6 expected; a wrong test has 30 or more
    assert sum(value <= 0.5 for value in same) >= 15
    assert max(p(2.0, seed) for seed in range(5)) == 0.01


def test_too_small_a_sample_is_refused():
    with pytest.raises(UsageError, match="at least two"):
        exchanges(torch.zeros(1), torch.zeros(3), 9, torch.Generator())


def test_image_changes_are_those_of_a_moved_image():
    side, step = 80, 1e-4
    at = (2 * torch.arange(side, dtype=torch.float64) + 1) / side - 1
    y, x = torch.meshgrid(at, at, indexing="ij")

    def image(x, y):
        return (-((x - 0.2) ** 2 + 2 * (y + 0.1) ** 2) / 0.05).exp()

    found = image_changes(image(x, y).reshape(1, -1))[0].view(len(FIELDS), side, side)
    for change, (first, second, shift) in zip(found, FIELDS.values(), strict=True):
        vx = first[0] * x + first[1] * y + shift[0]
        vy = second[0] * x + second[1] * y + shift[1]
        moved = image(x - step * vx, y - step * vy)
        exact = (moved - image(x, y)) / step
        assert (change - exact).norm() < 0.02 * exact.norm()


def test_a_model_of_one_direction_is_blind_to_the_others():
    x = torch.rand(20, SIDE**2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    w = torch.zeros(SIDE, SIDE, dtype=torch.float64)
    w += torch.arange(SIDE)[:, None] ** 2.0  # f reads the rows' sums: shifts along x change nothing
    x = x.view(20, SIDE, SIDE)
    x[:, :, [0, -1]] = 0  # nothing leaves the frame
    found = affine_generators(
        lambda x: x @ torch.stack([w.flatten(), w.flatten() ** 2], 1), x.flatten(1)
    )
    truth = torch.tensor([1.0, 0, 0, 0, 0, 0])
    assert found.gap < 1e-12
    assert found.angle(truth, found.continuous(1e-9)) < 1e-3
    assert found.angle(torch.tensor([0.0, 1, 0, 0, 0, 0]), 2) > 10


def test_blank_images_are_refused():
    with pytest.raises(InvlibError, match="too plain"):
        affine_generators(lambda x: x[:, :2] * 1.0, torch.zeros(3, SIDE**2) + 0)
