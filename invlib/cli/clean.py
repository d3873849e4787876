"""invlib clean"""

import argparse
import shutil

from invlib.files import lock
from invlib.settings import Settings

HELP = "remove the built books and executed notebooks; with --records also what was computed here"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--records", action="store_true", help="also the local records and the trained networks"
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    with lock(settings.build_dir / "lock", waiting=lambda who: print(f"waiting for {who}")):
        folders = [settings.runs_dir / name for name in ("executed", "ipython", "verdicts")]
        folders += [settings.build_dir / name for name in ("html", "html.new", "html.old", "work")]
        if args.records:
            folders += [settings.runs_dir / name for name in ("records", "networks", "locks")]
        for folder in folders:
            if folder.exists():
                shutil.rmtree(folder)
                print(f"removed {folder}")
    return 0
