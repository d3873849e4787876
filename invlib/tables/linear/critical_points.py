"""The tables of linear/critical_points: how many points, and what each search ended in."""

import math

import pandas as pd

from invlib.figures.palette import looks
from invlib.studies.linear.critical_instance import Instance
from invlib.studies.study import Runs
from invlib.tables.summary import mean_and_spread


def count_table(checked: Runs, searched: Runs) -> pd.DataFrame:
    """One row per problem: Proposition 13's count, ours, and what was found."""
    both = checked.frame().merge(
        searched.frame()[["group", "method", "seed", "reached", "unknown"]],
        on=["group", "method", "seed"],
    )
    look = looks(list(both["label"]))
    rows = []
    for label, group in both.groupby("label", sort=False):
        one = group.iloc[0]
        instance = _instance(one)
        d, m = instance.orbits, instance.classes
        space = d if instance.method != "regularized" else instance.side**2
        rows.append(
            {
                "problem": look[label].name,
                "group": instance.group,
                "d": d,
                "m": m,
                "n": len(group),
                "Prop. 13": instance.paper_count,
                "our count": math.comb(min(space, m), instance.hidden),
                "critical": _same(group["points"]),
                "minima": _same(group["minima"]),
                "reached by search": mean_and_spread(group["reached"], 1),
                "unknown": int(group["unknown"].sum()),
            }
        )
    return pd.DataFrame(rows)


def search_table(searched: Runs) -> pd.DataFrame:
    """One row per problem: where the two searches ended, summed over seeds."""
    frame = searched.frame()
    look = looks(list(frame["label"].unique()))
    rows = []
    for label, group in frame.groupby("label", sort=False):
        total = group.sum(numeric_only=True)
        starts = int(total["starts"])
        rows.append(
            {
                "problem": look[label].name,
                "group": group.iloc[0]["group"],
                "starts": starts,
                "rank r": int(total["at_full_rank"]),
                "lower rank": int(total["at_lower_rank"]),
                "unknown": int(total["unknown"]),
                "not settled": starts - int(total["settled"]),
                "descent to minimum": f"{group['ended_at_minimum'].mean():.1%}",
                "from beside points": f"{group['released_to_minimum'].mean():.1%}",
            }
        )
    return pd.DataFrame(rows)


def plateau_table(trained: Runs) -> pd.DataFrame:
    """One row per problem: how near training came to the best map of each lower rank."""
    frame = trained.frame()
    look = looks(list(frame["label"].unique()))
    rows = []
    for label, group in frame.groupby("label", sort=False):
        row = {"problem": look[label].name, "n": len(group)}
        for rank in range(1, int(group.iloc[0]["hidden"])):
            row[f"nearest to rank {rank}"] = mean_and_spread(group[f"nearest_{rank}"])
            if f"rate_ratio_{rank}" in group:
                row[f"2nd rate over 1st at rank {rank}"] = mean_and_spread(
                    group[f"rate_ratio_{rank}"], 2
                )
        if "nearest_saddle" in group and group["nearest_saddle"].notna().all():
            row["nearest to a saddle of rank r"] = mean_and_spread(group["nearest_saddle"])
        rows.append(row)
    return pd.DataFrame(rows)


def _instance(row: pd.Series) -> Instance:
    return Instance(**{name: row[name] for name in ("group", "method")}, **_whole(row))


def _whole(row: pd.Series) -> dict[str, int | float]:
    whole = {name: int(row[name]) for name in ("side", "classes", "hidden")}
    return {**whole, "strength": float(row["strength"])}


def _same(values: pd.Series) -> str:
    """One number where all seeds agree, else the lowest and the highest."""
    low, high = int(values.min()), int(values.max())
    return f"{low}" if low == high else f"{low} to {high}"
