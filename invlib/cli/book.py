"""invlib book"""

import argparse
import webbrowser

from invlib.cli.progress import reporting
from invlib.errors import UsageError, unknown
from invlib.settings import Settings
from invlib.studies.notebook import PROFILES

HELP = "run what changed and build the two books"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--profile",
        default="quick",
        help="quick: run the notebooks on small data, show the published records beside; "
        "paper: first compute and publish what those records lack",
    )
    parser.add_argument("--only", metavar="NAME", help="run only this notebook or paper")
    parser.add_argument("--jobs", type=int, default=2, help="notebooks at a time (default: 2)")
    parser.add_argument(
        "--allow-stale", action="store_true", help="show failed or outdated pages with a banner"
    )
    parser.add_argument("--open", action="store_true", help="open the book in a browser")


def run(args: argparse.Namespace, settings: Settings) -> int:
    if args.profile not in PROFILES:
        raise unknown("profile", args.profile, PROFILES)
    if args.jobs < 1:
        raise UsageError(f"--jobs is {args.jobs}; it must be at least 1.")
    from invlib.book.build import build_books

    with reporting() as (report, advance):
        index = build_books(
            settings,
            profile=args.profile,
            only=args.only,
            jobs=args.jobs,
            allow_stale=args.allow_stale,
            report=report,
            advance=advance,
        )
    if args.open:
        webbrowser.open(index.as_uri())
    print(index)
    return 0
