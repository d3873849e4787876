"""Which pixels a prediction rests on: the saliency map of paper genuine (Sec. 4)."""

from invlib.saliency.gradients import Model, image_gradient, logits_of
from invlib.saliency.integrated import integrated_gradients
from invlib.saliency.maps import keep_strongest, saliency_map, smooth

__all__ = [
    "Model",
    "image_gradient",
    "integrated_gradients",
    "keep_strongest",
    "logits_of",
    "saliency_map",
    "smooth",
]
