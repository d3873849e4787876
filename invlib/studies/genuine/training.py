"""Trained networks with a memory: what one page trained, another loads, and a killed run resumes.

Weights are kept in the folder of local runs, under a key of everything that they depend on: the
configuration, the seed, the data and the source of the module that asks.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from invlib.experiment import Report
from invlib.files import lock
from invlib.groups import Group
from invlib.settings import from_environment
from invlib.studies.genuine.kinds import Kind, Trained, Training
from invlib.studies.genuine.network_memory import Memory
from invlib.studies.genuine.sample import GROUPS, Parts, prepare
from invlib.training.classifiers import Recipe, train_classifiers
from invlib.training.device import choose_device
from invlib.training.seeds import stream
from invlib.training.views import Views


def trained(
    config: Training, seeds: Sequence[int], kind: Kind, report: Report | None = None
) -> list[Trained]:
    """The trained networks of a configuration, one per seed, from memory where they are known.

    On the CPU seeds train one after the other, which is no slower there; on an accelerator those
    that are missing train side by side as one batched model.
    """
    settings = from_environment()
    device = choose_device(settings.device)
    memory = Memory(config, kind, settings)
    found = {seed: memory.recall(seed) for seed in seeds}
    missing = [seed for seed in seeds if found[seed] is None]
    if missing:
        for together in [[seed] for seed in missing] if device.type == "cpu" else [missing]:
            with lock(memory.lock(together)):
                if not all(memory.path(seed).is_file() for seed in together):
                    _train(config, together, kind, memory, device, report)
            found |= {seed: memory.recall(seed) for seed in together}
    return [found[seed] for seed in seeds]


def _train(
    config: Training,
    seeds: Sequence[int],
    kind: Kind,
    memory: Memory,
    device: torch.device,
    report: Report | None,
) -> None:
    """Train the networks of some seeds side by side and keep the weights of each."""
    parts = [prepare(config, seed) for seed in seeds]
    network = kind.build(config, parts[0], [stream(seed, "init") for seed in seeds]).to(device)
    group = GROUPS[config.group](parts[0].side)
    views = 1 if getattr(network, "invariant", False) else group.order
    images = [_views(p, p.train.pixels, group, views) for p in parts]
    training = Views(
        rows=_encoded(network, images, device),
        labels=torch.stack([p.train.labels for p in parts]).to(device),
    )
    shown = [_shown(p, group, seed) for p, seed in zip(parts, seeds, strict=True)]
    validation = Views(
        rows=_encoded(network, shown, device),
        labels=torch.stack([p.validation.labels for p in parts]).to(device),
    )
    recipe = Recipe(
        epochs=config.epochs,
        batch=config.batch,
        learning_rate=config.learning_rate,
        optimizer=config.optimizer,
        keep=config.keep,
        penalty=kind.penalty,
        strength=kind.strength,
        observe_every=max(1, config.epochs // 30),
    )
    label = f"{config.dataset} {config.group} {kind.name}, seeds {', '.join(map(str, seeds))}"
    course = train_classifiers(
        network,
        training,
        validation,
        recipe,
        [stream(seed, "batches") for seed in seeds],
        checkpoint=memory.checkpoint(seeds),
        observe=kind.observe and (lambda epoch, module: kind.observe(module, parts)),
        report=lambda fraction: report and report(label, fraction),
    )
    for k, seed in enumerate(seeds):
        weights = {name: p.detach()[k : k + 1] for name, p in network.named_parameters()}
        memory.keep(seed, weights, course.curves_of(k), course.best_epoch[k])
    memory.checkpoint(seeds).unlink(missing_ok=True)


def _shown(parts: Parts, group: Group, seed: int) -> Tensor:
    """The validation images as a data set of transformed images holds them: each in one pose."""
    pixels = parts.validation.pixels
    pose = torch.randint(group.order, (len(pixels),), generator=stream(seed, "validation"))
    return _views(parts, group.act(pixels, pose), group, 1)


def _views(parts: Parts, pixels: Tensor, group: Group, views: int) -> Tensor:
    """Normalized images [n, views, pixels]: the whole orbit, or the image alone."""
    x = parts.normalize(pixels)
    return group.orbit(x) if views > 1 else x[:, None]


def _encoded(network: nn.Module, images: Sequence[Tensor], device: torch.device) -> Tensor:
    x = torch.stack(list(images)).to(device)  # [networks, n, views, pixels]
    return network.encode(x.flatten(1, 2)).unflatten(1, x.shape[1:3])
