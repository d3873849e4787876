"""Training that learns which transformations to be invariant to, without being told.

Next to the weights a distribution p over candidate transformations is learned. The network is
trained on images moved by g drawn from p. The distribution minimizes

    Σ p(g) ℓ(g) + τ Σ p(g) log p(g),

where ℓ(g) is the loss on held-out images moved by g: a transformation that the data contain costs
nothing, and the entropy rewards width, as in Augerino (Benton et al. 2020). Augerino judges by the
training loss; a network that has learned its training images by heart holds every transformation
of them against g, so here images that it was not trained on judge. The minimum is
p ∝ exp(−ℓ/τ), and p goes there in steps: log p ← (1 − η) log p − η ℓ/τ.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from invlib.errors import InvlibError, UsageError


@dataclass(frozen=True)
class Rule:
    """How weights and distribution are learned."""

    epochs: int
    batch: int
    learning_rate: float
    temperature: float = 0.1  # τ
    rate: float = 0.2  # η
    wait: int = 0  # epochs before p starts to move
    every: int = 1  # epochs between its steps
    fixed: bool = False  # p stays as it starts: a network that was told, or that was not

    def __post_init__(self) -> None:
        if not (self.temperature > 0 and 0 < self.rate <= 1 and self.wait >= 0):
            raise UsageError(
                f"temperature is {self.temperature:g}, rate {self.rate:g} and wait {self.wait}; "
                "they must be above 0, above 0 and at most 1, and at least 0."
            )


@dataclass(frozen=True)
class Learned:
    """What a training ends with; the weights are left in the network."""

    distribution: Tensor  # p at the end, float64
    course: Mapping[
        str, np.ndarray
    ]  # over epochs: loss, accuracy, distribution [epochs, candidates]
    best_epoch: int  # whose weights were kept


@dataclass(frozen=True)
class Images:
    """Images [n, pixels] and classes [n]."""

    x: Tensor
    y: Tensor


def learn_symmetries(
    network: nn.Module,
    train: Images,
    held_out: Images,
    sources: Tensor,
    start: Tensor,
    rule: Rule,
    generator: torch.Generator,
    *,
    probes: int,
    report: Callable[[float], None] = lambda fraction: None,
) -> Learned:
    """Train `network` (images to logits [n, classes]); keep the weights best on held-out images.

    `sources` [candidates, pixels] moves pixels as groups do; `start` is the first p, and `probes`
    the number of held-out images that judge all candidates in an epoch.
    """
    optimizer = torch.optim.Adam(network.parameters(), lr=rule.learning_rate, fused=True)
    log_p = start.double().clamp_min(1e-12).log()
    p = start.double() / start.sum()
    best, best_accuracy, best_epoch = _copied(network), -1.0, 0
    course: dict[str, list] = {"loss": [], "validation_accuracy": [], "distribution": []}
    for epoch in range(1, rule.epochs + 1):
        total = torch.zeros(())
        for rows in torch.randperm(len(train.x), generator=generator).split(rule.batch):
            chosen = torch.multinomial(p, len(rows), replacement=True, generator=generator)
            moved = train.x[rows].gather(1, sources[chosen])
            loss = cross_entropy(network(moved), train.y[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.detach() * len(rows)
        if not total.isfinite():
            raise InvlibError(f"the loss is {float(total)} in epoch {epoch}: training diverged.")
        accuracy = _accuracy(network, held_out)
        if accuracy > best_accuracy:
            best, best_accuracy, best_epoch = _copied(network), accuracy, epoch
        if not rule.fixed and epoch > rule.wait and (epoch - rule.wait) % rule.every == 0:
            some = torch.randperm(len(held_out.x), generator=generator)[:probes]
            judged = candidate_losses(network, held_out.x[some], held_out.y[some], sources)
            log_p, p = widened(log_p, judged, rule.temperature, rule.rate)
        course["loss"].append(float(total) / len(train.x))
        course["validation_accuracy"].append(accuracy)
        course["distribution"].append(p.numpy().copy())
        report(epoch / rule.epochs)
    network.load_state_dict(best)
    return Learned(p, {name: np.array(values) for name, values in course.items()}, best_epoch)


def widened(
    log_p: Tensor, losses: Tensor, temperature: float, rate: float
) -> tuple[Tensor, Tensor]:
    """One step of log p towards −ℓ/τ, and the p that it stands for."""
    log_p = (1 - rate) * log_p - rate * losses / temperature
    log_p = log_p - log_p.logsumexp(0)
    return log_p, log_p.exp()


def candidate_losses(network: nn.Module, x: Tensor, y: Tensor, sources: Tensor) -> Tensor:
    """The mean loss on images x moved by each candidate, float64 [candidates]."""
    found = []
    with torch.no_grad():
        for some in sources.split(max(1, 4096 // len(x))):
            moved = x[:, some].transpose(0, 1)  # [some, n, pixels]
            logits = network(moved.flatten(0, 1)).double()
            losses = cross_entropy(logits, y.repeat(len(some)), reduction="none")
            found.append(losses.view(len(some), -1).mean(1))
    return torch.cat(found)


def _accuracy(network: nn.Module, images: Images) -> float:
    with torch.no_grad():
        return float((network(images.x).argmax(-1) == images.y).double().mean())


def _copied(network: nn.Module) -> dict[str, Tensor]:
    return {name: values.detach().clone() for name, values in network.state_dict().items()}
