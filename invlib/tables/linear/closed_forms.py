"""Tables of linear/closed_forms."""

import numpy as np
import pandas as pd
import torch

from invlib.figures.palette import looks
from invlib.studies.linear.literal import interlaced
from invlib.studies.linear.targets import TREATMENTS
from invlib.studies.study import Runs
from invlib.tables.summary import mean_and_spread

PRINTED = 0.01  # to as many digits as we read from Fig. 5
WORDS = {
    "least_norm": "exact, minimizer of least norm (ours)",
    "pseudo_inverse": "P⁺ in place of P⁻¹",
    "jitter": "XXᵀ + 1e-6 I, double precision",
    "float32_1e-6": "XXᵀ + 1e-6 I, single precision",
    "float32_5e-7": "XXᵀ + 5e-7 I, single precision",
    "float32_1e-7": "XXᵀ + 1e-7 I, single precision",
    "left_out_1": "G̃⁺ misses 1 direction",
    "left_out_2": "G̃⁺ misses 2 directions",
    "left_out_3": "G̃⁺ misses 3 directions",
    "other": "exact, against Z_da of another subset",
    "standardized": "pixels standardized, (x − 0.1307) / 0.3081",
}
REGULARIZED = {
    "samples": "nλ, as in Proposition 8",
    "orbit": "4nλ: n counts the augmented set",
    "classes": "9nλ: λ beside a mean over classes",
    "all_elements": "nλ, the penalty summed over g ≠ e",
}


def gap_table(runs: Runs) -> pd.DataFrame:
    """Per size of the images and problem: the lowest and the highest gap over starts and seeds."""
    rows = []
    for side, own in runs.frame().groupby("side", sort=False):
        labels = [c.removeprefix("lowest_gap_") for c in own if c.startswith("lowest_gap_")]
        for label in labels:
            rows.append(
                {
                    "images": f"{side}×{side}",
                    "problem": looks([label])[label].name,
                    "seeds × starts": f"{len(own)} × {int(own['starts'].iloc[0])}",
                    "lowest gap": f"{own[f'lowest_gap_{label}'].min():.0e}",
                    "highest gap": f"{own[f'highest_gap_{label}'].max():.0e}",
                }
            )
    return pd.DataFrame(rows)


def equality_table(runs: Runs) -> pd.DataFrame:
    """Per size of the images: ranks, and how far the two optima are apart."""
    rows = []
    for side, own in runs.frame().groupby("side", sort=False):
        rows.append(
            {
                "images": f"{side}×{side}",
                "n": len(own),
                "rank of X": _range(own["effective_rank"]) + f" of {int(own['pixels'].iloc[0])}",
                "rank of augmented X": _range(own["augmented_rank"]),
                "‖W_da − W_inv‖ / ‖W_inv‖": f"{own['difference'].max():.0e}",
                "‖W_da G‖ / ‖W_da‖": f"{own['noninvariance'].max():.0e}",
                "σ(Z_da)/2 against σ(Z_inv)": f"{own['singular_value_error'].max():.0e}",
                "weight on unseen": f"{own['unseen_weight'].max():.0e}",
            }
        )
    return pd.DataFrame(rows)


def treatment_table(runs: Runs, *, paper: bool) -> pd.DataFrame:
    """Per treatment of Z_inv: two of its values, whether they interlace, and the distance.

    The last row holds the exact values of one subset against those of all others.
    """
    frame = runs.frame()
    half = torch.tensor(np.stack([known.record.arrays["half_da"] for known in runs.known]))
    rows = []
    for place, name in enumerate(TREATMENTS):
        values = pd.DataFrame([known.record.arrays["inv"][place] for known in runs.known])
        row = {"treatment of Z_inv": WORDS[name], "n": len(values)}
        row |= {f"σ{i}": mean_and_spread(values[i - 1], 2) for i in (1, 6)}
        extra = f"extra_{name}"
        row["interlaces"] = _share(interlaced(torch.tensor(values.to_numpy()), half, PRINTED))
        row["directions too many"] = f"{abs(frame[extra].mean()):.1f}" if extra in frame else None
        if paper:
            row["distance"] = mean_and_spread(frame[f"inv_{name}"], 2)
        rows.append(row)
    pairs = interlaced(half.unsqueeze(0), half.unsqueeze(1), PRINTED)[
        ~torch.eye(len(half), dtype=bool)
    ]
    if len(pairs):
        last = {"treatment of Z_inv": WORDS["other"], "n": len(pairs)}
        rows.append(last | {"interlaces": _share(pairs)})
    return pd.DataFrame(rows)


def weight_table(runs: Runs) -> pd.DataFrame:
    """Per reading of the weight in Z_reg: the distance to the paper's nine values."""
    frame = runs.frame()
    return pd.DataFrame(
        {
            "weight of the penalty": words,
            "n": len(frame),
            "distance": mean_and_spread(frame[f"reg_{name}"], 2),
        }
        for name, words in REGULARIZED.items()
    )


def _share(holds: torch.Tensor) -> str:
    return f"{float(holds.double().mean()):.0%}"


def _range(values: pd.Series) -> str:
    low, high = int(values.min()), int(values.max())
    return str(low) if low == high else f"{low} to {high}"
