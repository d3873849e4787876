"""The logits of all poses, against the metrics that compute them pose by pose."""

import pytest
import torch

from invlib.groups import rotations, translations
from invlib.metrics import predictive_invariance_error
from invlib.metrics.orbit_accuracy import orbit_accuracy
from invlib.metrics.orbit_logits import orbit_logits
from invlib.studies.genuine.posed import accuracy, divergences


@pytest.mark.parametrize("group", [rotations(6), translations(6, 3)], ids=["R4", "T3"])
@pytest.mark.parametrize("batch", [3, 100])
def test_they_give_the_same_DI_and_accuracy_in_any_batches(group, batch):  # noqa: N802
    generator = torch.Generator().manual_seed(0)
    W = torch.randn(4, 36, generator=generator)
    x, y = torch.rand(10, 36, generator=generator), torch.arange(10) % 4

    def model(images):
        return torch.relu(images) @ W.T

    logits = orbit_logits(model, x, group, batch=batch)
    assert logits.shape == (group.order, 10, 4)
    wanted = predictive_invariance_error(model, x, group)
    assert float(divergences(logits).mean()) == pytest.approx(wanted, rel=1e-9)
    assert accuracy(logits, y) == pytest.approx(orbit_accuracy(model, x, y, group))
