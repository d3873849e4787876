"""The small network that the primer looks at: trained on randomly turned digits, in a second."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from invlib.config import option
from invlib.errors import InvlibError
from invlib.groups import rotations
from invlib.models.mlp import BatchedMLP
from invlib.saliency import Model
from invlib.studies.genuine.primer_images import CLASSES, Drawn, Images
from invlib.training.seeds import stream


@dataclass(frozen=True)
class Small(Images):
    """The network and its training."""

    hidden: int = option(64, "units in each of the two hidden layers", low=1)
    epochs: int = option(60, "passes over the training images", low=1)
    batch: int = option(100, "images in a step", low=1)
    learning_rate: float = option(0.003, "Adam's learning rate", low=1e-9)


def train_small(config: Small, drawn: Drawn, seed: int) -> Model:
    """Logits f(x) in double precision for pixels in [0, 1], learned with turns at random."""
    group, chance = rotations(drawn.side), stream(seed, "batches")
    mean, std = drawn.train.mean(), drawn.train.std()
    network = BatchedMLP(
        widths=[group.pixels, config.hidden, config.hidden, CLASSES],
        activation="relu",
        generators=[stream(seed, "init")],
    )
    optimizer = torch.optim.Adam(network.parameters(), lr=config.learning_rate, fused=True)
    pixels, labels = ((drawn.train - mean) / std).float(), drawn.train_labels
    for epoch in range(config.epochs):
        for rows in torch.randperm(len(pixels), generator=chance).split(config.batch):
            turns = torch.randint(group.order, (len(rows),), generator=chance)
            optimizer.zero_grad()
            loss = cross_entropy(network(group.act(pixels[rows], turns))[0], labels[rows])
            loss.backward()
            optimizer.step()
        if not torch.isfinite(loss):
            raise InvlibError(
                f"the loss is {loss.item()} in epoch {epoch + 1}: training diverged. Try a "
                f"learning_rate below {config.learning_rate}."
            )
    network = network.double().requires_grad_(False)

    def logits(x: Tensor) -> Tensor:
        return network((x - mean) / std)[0]

    return logits
