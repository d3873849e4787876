"""The measures of paper genuine against plain loops, and on models that are invariant."""

import copy

import numpy as np
import pytest
import torch
from torch import nn

from invlib.errors import InvlibError, UsageError
from invlib.groups import flips, from_permutations, rotations, translations
from invlib.metrics import (
    logit_invariance_error,
    predictive_invariance_error,
    saliency_similarity,
)
from invlib.metrics.similarity import cosine
from invlib.saliency import saliency_map

GROUPS = [rotations(6), rotations(6, 2), translations(6), flips(6)]
INVARIANCE_ERRORS = [predictive_invariance_error, logit_invariance_error]


def network(group, dtype=torch.float64) -> nn.Sequential:
    generator = torch.Generator().manual_seed(0)
    model = nn.Sequential(nn.Linear(group.pixels, 16), nn.ReLU(), nn.Linear(16, 5)).to(dtype)
    for parameter in model.parameters():
        parameter.data = torch.randn(parameter.shape, generator=generator).to(dtype) / 3
    return model


def averaged(model, group):
    """The invariant model (1/|𝒢|) Σ f(g x)."""
    return lambda x: sum(model(group.act(x, k)) for k in range(group.order)) / group.order


def images(group, n: int = 11) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    x = torch.randn(n, group.pixels, generator=generator, dtype=torch.float64)
    return x, torch.randint(5, (n,), generator=generator)


@pytest.mark.parametrize("group", GROUPS)
def test_errors_against_a_plain_loop(group):
    model, (x, _) = network(group), images(group)
    divergences, distances = [], []
    for image in x:
        for k in range(1, group.order):
            f, moved = (model(z).detach().numpy() for z in (image, group.matrices()[k] @ image))
            u, q = np.exp(f) / np.exp(f).sum(), np.exp(moved) / np.exp(moved).sum()
            divergences.append((u * np.log(u / q)).sum())
            distances.append(((f - moved) ** 2).sum() / 2)
    found = predictive_invariance_error(model, x, group)
    assert isinstance(found, float)
    assert found == pytest.approx(np.mean(divergences), rel=1e-12)
    assert logit_invariance_error(model, x, group) == pytest.approx(np.mean(distances), rel=1e-12)


@pytest.mark.parametrize("group", GROUPS)
def test_similarity_against_a_plain_loop(group):
    model, (x, y) = network(group), images(group)
    cosines = []
    for image, label in zip(x, y, strict=True):
        for k in range(1, group.order):
            still, moved = (
                saliency_map(model, z[None], label[None])[0]
                for z in (image, group.matrices()[k] @ image)
            )
            back = np.linalg.inv(group.matrices()[k].numpy()) @ moved.numpy()
            lengths = np.linalg.norm(still) * np.linalg.norm(back)
            cosines.append((still.numpy() @ back) / lengths)
    found = saliency_similarity(model, x, y, group)
    assert isinstance(found, float)
    assert 0 < found < 0.9
    assert found == pytest.approx(np.mean(cosines), rel=1e-12)


@pytest.mark.parametrize("group", GROUPS)
def test_an_invariant_model(group):
    """No error, and the saliency of a moved image is the moved saliency."""
    model, (x, y) = averaged(network(group), group), images(group)
    assert predictive_invariance_error(model, x, group) < 1e-14
    assert logit_invariance_error(model, x, group) < 1e-28
    assert saliency_similarity(model, x, y, group) == pytest.approx(1, abs=1e-12)


def test_a_common_shift_of_the_logits_changes_only_the_logit_error():
    """LI = 0 implies DI = 0 but not conversely (paper genuine, Sec. 4)."""
    group = rotations(6)
    invariant, (x, _) = averaged(network(group), group), images(group)

    def shifted(z):
        return invariant(z) + z[:, :1]

    assert predictive_invariance_error(shifted, x, group) < 1e-14
    assert logit_invariance_error(shifted, x, group) > 0.1


@pytest.mark.parametrize("batch", [1, 2, 10, 11, 1000])
def test_the_batch_size_does_not_matter(batch):
    group = rotations(6)
    model, (x, y) = network(group), images(group)
    for error in INVARIANCE_ERRORS:
        assert error(model, x, group, batch=batch) == pytest.approx(error(model, x, group))
    found = saliency_similarity(model, x, y, group, batch=batch)
    assert found == pytest.approx(saliency_similarity(model, x, y, group))


def test_no_more_than_a_batch_at_once():
    group, seen = rotations(6), []

    def model(z):
        seen.append(len(z))
        return z[:, :5]

    x, y = images(group, 10)
    saliency_similarity(model, x, y, group, batch=4)
    logit_invariance_error(model, x, group, batch=4)
    assert set(seen) == {4, 2}


def test_the_model_is_left_as_it_was():
    group = rotations(6)
    model, (x, y) = network(group), images(group)
    before = copy.deepcopy(model.state_dict())
    saliency_similarity(model, x, y, group)
    predictive_invariance_error(model, x, group)
    assert all(parameter.grad is None for parameter in model.parameters())
    assert all(model.state_dict()[name].equal(before[name]) for name in before)


def test_single_precision():
    """Many single-precision images: the average is taken in double precision."""
    group = rotations(6)
    model, (x, _) = network(group, torch.float32), images(group, 500)
    exact = logit_invariance_error(copy.deepcopy(model).double(), x.float().double(), group)
    assert logit_invariance_error(model, x.float(), group) == pytest.approx(exact, rel=1e-5)


def test_sure_predictions_do_not_overflow():
    """Probabilities that underflow to zero count with their logarithm."""
    x = torch.tensor([[1.0, 0.0, 0.0, 0.0]])
    found = predictive_invariance_error(lambda z: 4000 * z[:, :2], x, flips(2))
    assert found == pytest.approx(4000)


def test_a_divergence_is_never_negative():
    """A model that is invariant up to rounding, which alone would take some below zero."""
    x = torch.rand(100, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64)

    def model(z):
        a, b, c, d = z.unbind(1)
        return 3 * torch.stack([a + b + c + d, a * b * c * d], 1)

    assert min(predictive_invariance_error(model, one[None], rotations(2)) for one in x) >= 0


def test_cosine_of_zero_maps():
    """Two zero maps agree, a zero map and another one do not, tiny maps are no zero maps."""
    maps = torch.tensor([[0.0, 0.0], [0.0, 0.0], [1e-200, 0.0], [3.0, 4.0]], dtype=torch.float64)
    others = torch.tensor([[0.0, 0.0], [1.0, 0.0], [1e-180, 0.0], [4.0, 3.0]], dtype=torch.float64)
    assert cosine(maps, others).tolist() == pytest.approx([1, 0, 1, 0.96])
    group = rotations(2)
    constant = nn.Linear(4, 3).requires_grad_(True)
    constant.weight.data.zero_()
    x, y = torch.rand(3, 4, generator=torch.Generator().manual_seed(0)), torch.tensor([0, 1, 2])
    assert saliency_similarity(constant, x, y, group) == 1


@pytest.mark.parametrize("bad", [torch.nan, torch.inf])
def test_no_nan_comes_back(bad):
    group = rotations(2)
    x, y = torch.ones(3, 4), torch.tensor([0, 1, 1])
    x[1, 2] = bad
    for error in INVARIANCE_ERRORS:
        with pytest.raises(InvlibError, match=f"{error.__name__} is (nan|inf)"):
            error(lambda z: z, x, group)
    with pytest.raises(InvlibError, match="saliency_similarity is nan"):
        saliency_similarity(lambda z: z.square(), x, y, group)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"x": torch.zeros(3, 9)}, "last dimension must be 4"),
        ({"x": torch.zeros(0, 4)}, "n ≥ 1"),
        ({"x": torch.zeros(3, 4).long()}, "x is torch.int64"),
        ({"model": lambda z: z.sum(1)}, r"the model gives \[3\]"),
        ({"batch": 0}, "batch is 0"),
        ({"batch": 2.5}, "batch is 2.5"),
        ({"group": from_permutations([range(4)])}, "only the identity"),
    ],
)
@pytest.mark.parametrize("error", INVARIANCE_ERRORS)
def test_refusals(error, change, says):
    with pytest.raises(UsageError, match=says):
        error(**{"model": lambda z: z, "x": torch.zeros(3, 4), "group": rotations(2)} | change)


def test_similarity_needs_one_class_for_each_image():
    with pytest.raises(UsageError, match=r"y has shape \[2\]; 3 images"):
        saliency_similarity(lambda z: z, torch.zeros(3, 4), torch.tensor([0, 1]), rotations(2))
