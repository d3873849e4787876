"""invlib run"""

import argparse

from invlib.settings import Settings
from invlib.studies.notebook import PROFILES, find_notebook

HELP = "run one notebook headless and say where the executed notebook is"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("notebook", help="such as linear/three_ways; see `invlib list`")
    parser.add_argument(
        "-p",
        "--parameter",
        nargs=2,
        action="append",
        default=[],
        metavar=("NAME", "VALUE"),
        help='change a parameter: -p epochs 500 -p strengths "[0.1, 1]"',
    )
    parser.add_argument("--profile", default="quick", help=f"one of: {', '.join(PROFILES)}")
    parser.add_argument("--force", action="store_true", help="run it even if nothing has changed")


def run(args: argparse.Namespace, settings: Settings) -> int:
    from invlib.book.execute import execute, is_current
    from invlib.book.ledger import custom_slot_name, slot
    from invlib.engine.executors import available_cores
    from invlib.errors import InvlibError

    notebook = find_notebook(args.notebook, settings)
    overrides = {name: parse_value(text) for name, text in args.parameter}
    values = notebook.values(args.profile, overrides)
    plain = values == notebook.values(args.profile)
    name = args.profile if plain else custom_slot_name(args.profile, values)
    place = slot(name, notebook, settings)
    if args.force or not is_current(place, values, settings):
        print(f"running {notebook.name}; log: {place.log}", flush=True)
        entry = execute(place, args.profile, overrides, settings, threads=available_cores())
        if entry.state != "done":
            raise InvlibError(
                f"{notebook.name} failed: {entry.error}\n  log: {place.log}\n  notebook with its "
                f"traceback: {place.failed}"
            )
        print(f"done in {entry.seconds:.1f} s")
    else:
        print("nothing has changed since it last ran")
    print(place.executed)
    return 0


def parse_value(text: str) -> object:
    """A parameter's value as YAML reads it: 500, 0.1, mnist, [0.1, 1], 1e-3."""
    import yaml

    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError:
        return text
    if isinstance(value, str):  # YAML does not take 1e-3 for a number
        try:
            return float(value)
        except ValueError:
            return value
    return value
