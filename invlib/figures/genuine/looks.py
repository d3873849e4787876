"""One look per method of paper genuine: WT and DA as hard-wiring and augmentation elsewhere."""

from invlib.figures.palette import LOOKS as EVERYWHERE
from invlib.figures.palette import Look

GREEN, PURPLE, YELLOW = "#009e73", "#cc79a7", "#e69f00"

LOOKS = {
    "WT": Look("weight-tying (WT)", EVERYWHERE["constrained"].colour, "s", "-"),
    "DA": Look("data augmentation (DA)", EVERYWHERE["augmented"].colour, "o", "-"),
    "IR": Look("regularized, L₂² (IR)", GREEN, "^", (0, (5, 1.5))),
    "KL": Look("regularized, KL", PURPLE, "D", (0, (3, 1.5))),
    "L2N": Look("regularized, L₂² normalized", YELLOW, "v", (0, (1, 1.2))),
}
GROUP_NAMES = {"R4": "quarter turns R²₄", "T3": "shifts T²₃"}
DATASET_NAMES = {"digits": "digits", "mnist": "MNIST", "fashion_mnist": "Fashion-MNIST"}


def method_of(label: str) -> str:
    """The method in a label such as mnist-R4-IR or mnist-R4-IR-3."""
    return label.split("-")[2]
