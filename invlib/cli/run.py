"""invlib run"""

import argparse

from invlib.cli.progress import watching
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
    from invlib.book.execute import refuse_bad_parameters
    from invlib.book.ledger import custom_slot_name, slot
    from invlib.book.run_all import Task, run_all, where_to_read
    from invlib.errors import InvlibError

    notebook = find_notebook(args.notebook, settings)
    overrides = {name: parse_value(text) for name, text in args.parameter}
    values = notebook.values(args.profile, overrides)
    if overrides:
        refuse_bad_parameters(notebook, args.profile, overrides, settings)
    plain = values == notebook.values(args.profile)
    name = args.profile if plain else custom_slot_name(args.profile, values)
    task = Task(slot(name, notebook, settings), args.profile, settings, overrides)
    if args.force or not task.current():
        print(f"running {notebook.name}; log: {task.place.log}", flush=True)
        with watching(task.place.log, notebook.seconds[args.profile]):
            entry = run_all([task], jobs=1, report=lambda line: None, force=args.force)[0]
        if entry.state != "done":
            where = where_to_read(task.place)
            raise InvlibError(f"{notebook.name} failed: {entry.error}\n  {where}")
        print(f"done in {entry.seconds:.1f} s")
    else:
        print("nothing has changed since it last ran")
    print(task.place.executed)
    return 0


def parse_value(text: str) -> object:
    """A parameter's value as YAML reads it: 500, 0.1, mnist, [0.1, 1]; and 1e-3, as people do."""
    import yaml

    try:
        return _numbers(yaml.safe_load(text))
    except (yaml.YAMLError, ValueError, RecursionError):
        return text  # whatever it is: the parameter's type decides


def _numbers(value: object) -> object:
    """YAML does not take 1e-3 for a number, alone or in a list."""
    if isinstance(value, list):
        return [_numbers(item) for item in value]
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return value
    return value
