"""Another baseline and another threshold, against closed forms and the paper's own choices."""

import pytest
import torch

from invlib.errors import UsageError
from invlib.saliency import integrated_gradients, keep_strongest
from invlib.saliency.choices import integrated_from, keep_from

GENERATOR = torch.Generator().manual_seed(0)
X = torch.rand(4, 9, generator=GENERATOR, dtype=torch.float64)
B = torch.rand(9, generator=GENERATOR, dtype=torch.float64)
W = torch.randn(3, 9, generator=GENERATOR, dtype=torch.float64)
Y = torch.tensor([0, 2, 1, 2])


def quadratic(z):
    return (z @ W.mT).square()


def test_a_black_baseline_is_the_plain_integral():
    found = integrated_from(quadratic, X, Y, torch.zeros(9).double(), steps=7)
    assert found.equal(integrated_gradients(quadratic, X, Y, steps=7))


def test_the_integral_of_a_quadratic_in_closed_form():
    """The gradient is linear on the way, so the midpoint rule is exact with one step."""
    middle = (X + B) / 2
    gradient = 2 * (middle * W[Y]).sum(1, keepdim=True) * W[Y]
    found = integrated_from(quadratic, X, Y, B, steps=1)
    torch.testing.assert_close(found, (X - B) * gradient)
    rise = (quadratic(X) - quadratic(B[None])).gather(1, Y[:, None])[:, 0]
    torch.testing.assert_close(found.sum(1), rise)


def test_no_share_where_image_and_baseline_agree():
    x = X.clone()
    x[:, 3] = B[3]
    found = integrated_from(lambda z: (z @ W.mT).exp(), x, Y, B)
    assert found[:, 3].abs().max() == 0
    assert found[:, 2].abs().min() > 0


def test_the_papers_threshold_is_one_of_them():
    assert keep_from(X, 0.9).equal(keep_strongest(X))
    assert keep_from(X, 0).equal(X)
    assert keep_from(X, 1).count_nonzero(-1).tolist() == [1, 1, 1, 1]


def test_refusals():
    with pytest.raises(UsageError, match=r"baseline has shape \[4\]; it must be one image \[9\]"):
        integrated_from(quadratic, X, Y, B[:4])
    with pytest.raises(UsageError, match=r"share is 1\.5; it must lie between 0 and 1"):
        keep_from(X, 1.5)
