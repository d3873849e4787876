"""The look of each way to invariance in the part on paper genuine, the same on all its pages."""

from invlib.figures.palette import Look

LOOKS = {
    "DA": Look("DA: augmentation", "#d55e00", "o", "-"),
    "WT": Look("WT: weight-tying", "#0072b2", "s", "-"),
    "IR": Look("IR: penalty on logits", "#009e73", "^", "-"),
}
