"""The tables of genuine/spectral_decay, and the runs behind them."""

import pandas as pd

from invlib.errors import InvlibError
from invlib.figures.genuine.looks import GROUP_NAMES
from invlib.settings import from_environment
from invlib.studies.genuine.linear_decay import EXPERIMENT as LINEAR
from invlib.studies.genuine.measured import CHOSEN, EXPERIMENT
from invlib.studies.genuine.orbit_sensitivity import EXPERIMENT as DIRECTIONS
from invlib.studies.genuine.penalty_alone import EXPERIMENT as ALONE
from invlib.studies.genuine.strength_search import TARGET, choose, similarities
from invlib.studies.study import Runs
from invlib.tables.summary import mean_and_spread

METHODS = ("DA", "KL", "L2N", "IR", "WT")  # the order of Fig. 5, and WT beside it
SHORT = {"DA": "DA", "KL": "KL", "L2N": "L₂² norm.", "IR": "L₂² (IR)", "WT": "WT"}
PENALTY_NAMES = {"l2": "L₂²", "l2_normalized": "L₂² norm.", "kl": "KL"}


def paper_bars() -> pd.DataFrame:
    """The bars of Fig. 5 that we know: one row per group and method."""
    path = from_environment().notebooks_dir / "genuine" / "reference" / "fig5.csv"
    if not path.is_file():
        raise InvlibError(f"no reference values: {path} does not exist.")
    return pd.read_csv(path, comment="#").set_index(["group", "method"])


def final_networks(runs: Runs) -> Runs:
    """The networks of Fig. 5: those without a penalty, and those at the chosen ν."""
    plain = [k for k in runs.of(EXPERIMENT).known if k.record.run.config["strength"] == 0]
    return Runs([*plain, *runs.of(CHOSEN).known], runs.parameters)


def bars_table(runs: Runs, *, paper: bool) -> pd.DataFrame:
    """Fig. 5 as numbers; the paper's row below ours where its bar is known."""
    frame, theirs = final_networks(runs).frame(), paper_bars()
    rows = []
    for group in GROUP_NAMES:
        for method in METHODS:
            own = frame.query("group == @group and method == @method")
            strength = own["strength"].iloc[0]
            row = {
                "group": group,
                "": SHORT[method],
                "ν": f"{strength:g}" if strength else "–",
                "n": str(len(own)),
                "σ_max(J)": mean_and_spread(own["sigma_max"], 2),
                "accuracy (%)": mean_and_spread(own["accuracy"] * 100, 1),
                "LI": mean_and_spread(own["LI"], 3),
                "SI": mean_and_spread(own["SI"], 2),
            }
            rows.append(row)
            if paper and (group, method) in theirs.index:
                bar = theirs.loc[(group, method)]
                rows.append(
                    {
                        "group": "",
                        "": "paper",
                        "ν": "?",
                        "n": "4",
                        "σ_max(J)": f"{bar.sigma_max:.2f}\u00a0±\u00a0{bar.sigma_max_error:.2f}",
                        "accuracy (%)": f"{bar.accuracy:.1f}\u00a0±\u00a0{bar.accuracy_error:.1f}",
                    }
                )
    return pd.DataFrame(rows).fillna("–")


def search_table(runs: Runs) -> pd.DataFrame:
    """Every strength that was tried for every penalty: SI and accuracy on validation images."""
    rows = []
    for (group, method), own in similarities(runs).groupby(["group", "method"], sort=False):
        picked = choose(dict(zip(own["strength"], own["validation_SI"], strict=True)))
        for one in own.itertuples():
            rows.append(
                {
                    "group": group,
                    "penalty": SHORT[method],
                    "ν": f"{one.strength:g}",
                    "SI": f"{one.validation_SI:.3f}",
                    "accuracy (%)": f"{one.validation_accuracy * 100:.1f}",
                    "": ("chosen" if one.validation_SI >= TARGET else "chosen, target missed")
                    if one.strength == picked
                    else "",
                }
            )
    return pd.DataFrame(rows)


def directions_frame(runs: Runs) -> pd.DataFrame:
    """‖J d‖ / ‖d‖ of every network over that of DA, same seed: one row per run."""
    frame = runs.of(DIRECTIONS).frame()
    columns = [name for name in frame if name.startswith("along_")] + ["sigma_max"]
    frame = frame.set_index(["group", "seed", "method"])[columns]
    reference = frame.xs("DA", level="method")
    ratios = frame.div(reference.reindex(frame.droplevel("method").index).to_numpy())
    return ratios.reset_index()


def linear_table(runs: Runs) -> pd.DataFrame:
    """Proposition 3.1 on images: one row per group."""
    rows = []
    for group, own in runs.of(LINEAR).frame().groupby("group", sort=False):
        rows.append(
            {
                "group": group,
                "n": len(own),
                "off exp(−Σt)": f"{own['expm_error'].max():.0e}",
                "off Runge-Kutta": f"{own['integrator_error'].max():.0e}",
                "σ_max left, one ε": mean_and_spread(own["sigma_ratio_single"]),
                "σ_max left, all ε": mean_and_spread(own["sigma_ratio_limit"]),
                "step on average": mean_and_spread(own["average_over_safe"], 1),
                "full batch": mean_and_spread(own["full_over_safe"], 1),
            }
        )
    return pd.DataFrame(rows)


def alone_table(runs: Runs) -> pd.DataFrame:
    """What a penalty alone leaves of each quantity: end over start."""
    rows = []
    for (group, penalty), own in runs.of(ALONE).frame().groupby(["group", "penalty"], sort=False):
        rows.append(
            {
                "group": group,
                "penalty": PENALTY_NAMES[penalty],
                "n": len(own),
                "LI": mean_and_spread(own["LI_ratio"], 3),
                "σ_max(J)": mean_and_spread(own["sigma_ratio"], 2),
                "‖W_l‖₂ from": f"{own['norm_ratio_end_lowest'].mean():.3f}",
                "to": f"{own['norm_ratio_end_highest'].mean():.3f}",
                "accuracy": mean_and_spread((own["accuracy_end"] - own["accuracy_start"]) * 100, 1),
            }
        )
    return pd.DataFrame(rows)
