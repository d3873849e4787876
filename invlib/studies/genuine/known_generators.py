"""The search for continuous generators, tried on functions whose symmetry is known.

Each function sums the image along curves that a motion of the plane keeps: circles, ellipses,
rows. A small random network reads these sums. It is invariant to the motion by construction, up to
the size of a pixel. One function sums along nothing, and has no symmetry.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import conv2d

from invlib.config import option
from invlib.experiment import Experiment, Outcome, Report
from invlib.metrics.affine_generators import CONTINUOUS, FIELDS, affine_generators
from invlib.studies.genuine.sample import Sample, prepare
from invlib.training.seeds import stream

SUMS, HIDDEN, OUTPUTS = 12, 32, 6
FLATNESS = 2.0  # of the ellipse: x²/4 + y² is kept


@dataclass(frozen=True)
class Symmetric:
    """A quantity that the motion keeps at each place of the plane, and the motion's field."""

    kept: Callable[[Tensor, Tensor], Tensor]
    field: dict[str, float]


SYMMETRIES = {
    "turn": Symmetric(lambda x, y: x**2 + y**2, {"turn": 1.0}),
    # along x²/a² + y² = const: (a² y, −x), a turn and a shear
    "ellipse": Symmetric(
        lambda x, y: x**2 / FLATNESS**2 + y**2,
        {"turn": (FLATNESS**2 + 1) / 2, "shear": (FLATNESS**2 - 1) / 2},
    ),
    "shift": Symmetric(lambda x, y: y, {"shift right": 1.0}),
    "none": Symmetric(lambda x, y: x + 0 * y, {}),
}


@dataclass(frozen=True)
class Known(Sample):
    """A function of known symmetry, on the validation images of one seed, blurred."""

    symmetry: str = option("turn", "what the function is invariant to", choices=tuple(SYMMETRIES))
    slopes: int = option(60, "images", low=1)
    blur: float = option(
        0.12, "width of the blur, as a share of the image's side", low=0.01, high=1
    )

    @property
    def label(self) -> str:
        return f"known-{self.symmetry}"


def search(config: Known, seeds: Sequence[int], report: Report) -> list[Outcome]:
    """The least sensitive direction of a random function per seed, and its angle to the truth."""
    return [_search_one(config, seed) for seed in seeds]


def _search_one(config: Known, seed: int) -> Outcome:
    parts = prepare(config, seed)
    x = blurred(parts.validation.pixels[: config.slopes], parts.side, config.blur)
    function = symmetric_function(config.symmetry, parts.side, stream(seed, "function"))
    found = affine_generators(function, x)
    count = found.continuous(CONTINUOUS)
    metrics = {"generator_gap": found.gap, "continuous": float(count)}
    if config.symmetry != "none":
        metrics["angle"] = found.angle(coefficients(config.symmetry), max(1, count))
    return Outcome(metrics, arrays={"direction": found.directions[0].numpy()})


def symmetric_function(
    name: str, side: int, generator: torch.Generator
) -> Callable[[Tensor], Tensor]:
    """Images [n, pixels] to outputs [n, 6], by way of sums of the pixels along kept curves."""
    at = (2 * torch.arange(side, dtype=torch.float64) + 1) / side - 1
    y, x = torch.meshgrid(at, at, indexing="ij")

    def draw(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    if name == "none":
        weights = draw(SUMS, side * side)
    else:
        kept = SYMMETRIES[name].kept(x, y).flatten()
        low, high = float(kept.min()), float(kept.max())
        centres = torch.linspace(low, high, SUMS, dtype=torch.float64)
        width = 2 * (high - low) / SUMS  # wide enough to be smooth from pixel to pixel
        weights = (-((kept - centres[:, None]) ** 2) / (2 * width**2)).exp()
    weights = weights / weights.norm(dim=1, keepdim=True)
    first, second = draw(HIDDEN, SUMS) / SUMS**0.5, draw(OUTPUTS, HIDDEN) / HIDDEN**0.5
    return lambda images: ((images.double() @ weights.mT) @ first.mT).tanh() @ second.mT


def coefficients(name: str) -> Tensor:
    """The true field in the order of FIELDS."""
    return torch.tensor([SYMMETRIES[name].field.get(field, 0.0) for field in FIELDS])


def blurred(pixels: Tensor, side: int, share: float) -> Tensor:
    """Images smoothed by a Gaussian, float64, so that they have derivatives worth the name."""
    sigma = share * side / 2
    reach = max(1, round(2 * sigma))
    offsets = torch.arange(-reach, reach + 1, dtype=torch.float64)
    kernel = (-(offsets**2) / (2 * sigma**2)).exp()
    kernel = kernel / kernel.sum()
    image = pixels.double().view(-1, 1, side, side)
    image = conv2d(image, kernel.view(1, 1, 1, -1), padding=(0, reach))
    return conv2d(image, kernel.view(1, 1, -1, 1), padding=(reach, 0)).flatten(1)


EXPERIMENT = Experiment(
    name="genuine/known_generators",
    module=__name__,
    attribute="EXPERIMENT",
    config=Known,
    data=lambda config: config.dataset,
    run=search,
    label=lambda config: config.label,
)
