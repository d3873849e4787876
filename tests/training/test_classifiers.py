"""Mini-batch training: alone or side by side, killed and resumed, and what it refuses."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

from invlib.errors import InvlibError, UsageError
from invlib.groups import rotations
from invlib.methods.invariance_penalties import squared_distance
from invlib.models.perceptron import Perceptron
from invlib.training import classifiers
from invlib.training.classifiers import Recipe, train_classifiers
from invlib.training.seeds import stream
from invlib.training.views import Views

GROUP = rotations(4)
RECIPE = Recipe(epochs=6, batch=16, learning_rate=0.01, penalty=squared_distance, strength=0.5)


def views(seeds: list[int], count: int = 50, orbits: bool = True) -> Views:
    x = torch.stack([torch.rand(count, 16, generator=stream(s, "x")) for s in seeds])
    labels = torch.stack([torch.randint(3, (count,), generator=stream(s, "y")) for s in seeds])
    return Views(GROUP.orbit(x) if orbits else x.unsqueeze(2), labels)


def network(seeds: list[int]) -> Perceptron:
    generators = [stream(seed, "init") for seed in seeds]
    return Perceptron(widths=[16, 8, 3], activation="relu", generators=generators)


def train(seeds: list[int], recipe: Recipe = RECIPE, checkpoint: Path | None = None, **more):
    module = network(seeds)
    course = train_classifiers(
        module,
        views(seeds),
        views(seeds, 20, orbits=False),
        recipe,
        [stream(seed, "batches") for seed in seeds],
        checkpoint=checkpoint,
        **more,
    )
    return module, course


def test_networks_side_by_side_are_those_trained_alone():
    together, course = train([0, 1, 2])
    for k, seed in enumerate([0, 1, 2]):
        alone, own = train([seed])
        for a, b in zip(together.parameters(), alone.parameters(), strict=True):
            assert torch.allclose(a[k], b[0], atol=1e-5)
        assert course.best_epoch[k] == own.best_epoch[0]
        for name, values in own.curves_of(0).items():
            assert np.allclose(values, course.curves_of(k)[name], atol=1e-5)


def test_the_same_seed_gives_the_same_bits():
    a, b = train([4])[0], train([4])[0]
    assert all(torch.equal(p, q) for p, q in zip(a.parameters(), b.parameters(), strict=True))


class Killed(BaseException):
    """As Ctrl-C: not an Exception."""


@pytest.mark.parametrize("optimizer", ["adam", "adamw", "sgd"])
@pytest.mark.parametrize("last", [1, 4])
def test_a_killed_training_ends_with_the_numbers_of_an_undisturbed_one(
    tmp_path, monkeypatch, last, optimizer
):
    monkeypatch.setattr(classifiers, "EVERY", 0.0)
    recipe = Recipe(**{**vars(RECIPE), "optimizer": optimizer})
    undisturbed, expected = train([0, 1], recipe)
    checkpoint = tmp_path / "half.checkpoint"

    def kill(fraction: float) -> None:
        if fraction == last / recipe.epochs:
            raise Killed

    with pytest.raises(Killed):
        train([0, 1], recipe, checkpoint, report=kill)
    resumed, course = train([0, 1], recipe, checkpoint)
    for p, q in zip(resumed.parameters(), undisturbed.parameters(), strict=True):
        assert torch.equal(p, q)
    assert vars(course) == vars(expected)


def test_a_damaged_checkpoint_counts_as_none(tmp_path):
    checkpoint = tmp_path / "half.checkpoint"
    checkpoint.write_bytes(b"not a state file")
    assert vars(train([0], RECIPE, checkpoint)[1]) == vars(train([0])[1])


def test_the_best_weights_are_kept_and_not_the_last():
    module, course = train([0], Recipe(epochs=30, batch=16, learning_rate=0.05))
    best = max(course.curves["validation_accuracy"])[0]
    data = views([0], 20, orbits=False)
    hits = (module(data.rows[:, :, 0]).argmax(-1) == data.labels).double().mean()
    assert float(hits) == best == course.best[0]
    epochs = course.curves["validation_accuracy"]
    assert epochs.index([best]) + 1 == course.best_epoch[0]


def test_the_last_weights_are_kept_if_asked():
    recipe = Recipe(epochs=9, batch=16, learning_rate=0.05, keep="last")
    assert train([0], recipe)[1].best_epoch == [9]


def test_one_step_is_that_of_plain_pytorch():
    """All images in one batch, a single view: the step that anybody would write."""
    recipe = Recipe(epochs=1, batch=50, learning_rate=0.01, keep="last")
    module = network([0])
    data = views([0], orbits=False)
    train_classifiers(module, data, data, recipe, [stream(0, "batches")])
    plain = network([0])
    optimizer = torch.optim.Adam(plain.parameters(), lr=0.01)
    cross_entropy(plain(data.rows[:, :, 0])[0], data.labels[0]).backward()
    optimizer.step()
    for p, q in zip(module.parameters(), plain.parameters(), strict=True):
        assert torch.allclose(p, q, atol=1e-6)


def test_pairs_are_two_different_members_of_one_orbit():
    seen = []

    def penalty(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        seen.append((a - b).abs().sum(-1).min())
        return squared_distance(a, b)

    train([0], Recipe(**{**vars(RECIPE), "penalty": penalty}))
    assert min(seen) > 0


def test_a_diverged_training_stops_by_name():
    with pytest.raises(InvlibError, match="not finite in epoch"):
        train([0], Recipe(**{**vars(RECIPE), "learning_rate": 1e30}))


def test_a_batch_larger_than_the_data_is_refused():
    with pytest.raises(UsageError, match="batch is 51; there are only 50"):
        train([0], Recipe(epochs=1, batch=51, learning_rate=0.1))
