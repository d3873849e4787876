"""invlib claims"""

import argparse
import json

from invlib.settings import Settings

HELP = "judge every claim by the published paper-profile records"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace, settings: Settings) -> int:
    from invlib.claims.verdict import all_verdicts

    verdicts = all_verdicts(settings)
    if args.json:
        rows = [
            {
                "id": v.claim.id,
                "where": v.claim.where,
                "statement": v.claim.statement,
                "paper": v.claim.paper,
                "notebook": v.claim.notebook,
                "criterion": v.claim.criterion.rule(),
                "measured": v.measured,
                "seeds": v.seeds,
                "seeds_holding": v.seeds_holding,
                "verdict": v.outcome,
                "stale": v.stale,
            }
            for v in verdicts
        ]
        print(json.dumps(rows, indent=1, ensure_ascii=False))
        return 0
    for v in verdicts:
        stale = " (stale)" if v.stale else ""
        paper = "" if v.claim.paper is None else f"paper {v.claim.paper:g}; "
        print(f"{v.outcome + stale:<16} {v.claim.id}")
        if v.seeds:
            print(f"{'':<16} {paper}ours {v.measured}; {v.seeds_holding} of {v.seeds} seeds hold")
    return 0
