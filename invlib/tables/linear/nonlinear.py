"""The tables of linear/nonlinear."""

import pandas as pd

from invlib.metrics.relative import READINGS
from invlib.models.activations import ACTIVATIONS
from invlib.studies.linear.flip_example import OPTIMA
from invlib.studies.linear.nonlinear_sample import POINTS
from invlib.studies.study import Runs
from invlib.tables.summary import mean_and_spread

POINT_NAMES = {"images": "unseen images", "gaussian": "Gaussian points"}
READING_NAMES = {
    "each_output": "every output (ours)",
    "output_mean": "mean over outputs",
    "norm": "ratio of norms",
    "predicted": "predicted output",
}
WAYS = {"augmented": "data augmentation", "constrained": "constrained (hard-wired)"}


def loss_table(runs: Runs, samples: int) -> pd.DataFrame:
    """One row per activation and width: losses of both ways, and of the augmented f̄."""
    frame = runs.where(samples=samples).frame().sort_values("seed")
    rows = []
    for name in frame["activations"].iloc[0]:
        for hidden, group in frame.groupby("hidden"):
            ways = {way: own.set_index("seed") for way, own in group.groupby("method")}
            augmented, constrained = ways["augmented"], ways["constrained"]
            loss, other = augmented[f"{name}_loss"], constrained[f"{name}_loss"]
            rows.append(
                {
                    "activation": ACTIVATIONS[name].name,
                    "hidden": hidden,
                    "n": len(loss),
                    "hard-wired": mean_and_spread(other, 4),
                    "augmented": mean_and_spread(loss, 4),
                    "ratio": mean_and_spread(loss / other, 2),
                    "mean over turns": mean_and_spread(loss - augmented[f"{name}_spread"], 4),
                    "test, hard-wired": mean_and_spread(constrained[f"{name}_test_accuracy"]),
                    "test, augmented": mean_and_spread(augmented[f"{name}_test_accuracy"]),
                }
            )
    return pd.DataFrame(rows)


def readings_table(runs: Runs) -> pd.DataFrame:
    """One row per reading of ε_inv and kind of points, one column per width and data size."""
    frame = runs.where(method="augmented").frame()
    rows = []
    for reading in READINGS:
        ending = "" if reading == "each_output" else f"_{reading}"
        for kind in POINTS:
            row = {"reading": READING_NAMES[reading], "points": POINT_NAMES[kind]}
            for (hidden, samples), group in frame.groupby(["hidden", "samples"]):
                heading = f"{hidden} units, {samples} images"
                row[heading] = mean_and_spread(group[f"eps_{kind}{ending}"], 5)
            rows.append(row)
    return pd.DataFrame(rows)


def deeper_table(runs: Runs) -> pd.DataFrame:
    """One row per architecture: losses of both ways, ε_inv and accuracy of the augmented one."""
    frame = runs.frame()
    rows = []
    for (layers, bias), group in frame.groupby(["layers", "bias"], sort=False):
        ways = {way: own for way, own in group.groupby("method")}
        augmented = ways["augmented"]
        row = {
            "hidden layers": layers + (", with bias" if bias else ""),
            "n": len(augmented),
            "loss, hard-wired": None,
            "loss, augmented": mean_and_spread(augmented["loss"], 4),
            "ε_inv, images": mean_and_spread(augmented["eps_images"], 4),
            "ε_inv, Gaussian": mean_and_spread(augmented["eps_gaussian"], 4),
            "test accuracy": mean_and_spread(augmented["test_accuracy"]),
        }
        if "constrained" in ways:
            row["loss, hard-wired"] = mean_and_spread(ways["constrained"]["loss"], 4)
        rows.append(row)
    return pd.DataFrame(rows)


def flip_table(runs: Runs) -> pd.DataFrame:
    """One row per tiny network: what was found, and the optimum by hand."""
    rows = []
    for keys, group in runs.frame().groupby(["activation", "hidden", "method"], sort=False):
        activation, hidden, method = keys
        units = f"{hidden} {ACTIVATIONS[activation].name} unit{'s' if hidden > 1 else ''}"
        rows.append(
            {
                "network": units.replace("none (linear)", "linear"),
                "way": WAYS[method],
                "n": len(group),
                "loss": mean_and_spread(group["loss"]),
                "by hand": f"{OPTIMA[method, activation, hidden]:g}",
                "spread within orbits": mean_and_spread(group["spread"]),
                "starts that get there": mean_and_spread(group["share_at_best"], 2),
            }
        )
    return pd.DataFrame(rows)
