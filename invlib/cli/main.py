"""invlib: run the notebooks of the companion, build its book, look at data, status and claims."""

import argparse
import importlib
import sys
from collections.abc import Sequence

from invlib import __version__
from invlib.errors import InvlibError, in_words
from invlib.settings import Settings, from_environment

VERBS = ("list", "run", "book", "status", "claims", "data", "clean")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb. Exit status 0 only if everything asked for happened; 2 for a usage error."""
    parser = _parser()
    args = parser.parse_args(arguments)
    try:
        return args.run(args, _absolute(from_environment()))
    except InvlibError as error:
        if args.debug:
            raise
        print(f"invlib: {error}", file=sys.stderr)
        return error.exit_status
    except KeyboardInterrupt:
        print(
            "\ninvlib: stopped. What had finished is kept; run it again to go on.", file=sys.stderr
        )
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # the reader has what it wanted
        return 0
    except OSError as error:
        if args.debug:
            raise
        print(f"invlib: {in_words(error)}", file=sys.stderr)
        return 1


def _absolute(settings: Settings) -> Settings:
    """Kernels work in a folder of their own: what the shell gave relative to its must not move."""
    folders = ("root", "data_dir", "runs_dir", "published_dir")
    return settings.but(**{name: getattr(settings, name).absolute() for name in folders})


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="invlib", description=__doc__.split(":", 1)[1].strip())
    parser.add_argument("--version", action="version", version=f"invlib {__version__}")
    parser.add_argument("--debug", action="store_true", help="show a traceback with an error")
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    for name in VERBS:
        module = importlib.import_module(f"invlib.cli.{name}")
        verb = verbs.add_parser(name, help=module.HELP, description=module.HELP)
        # Also behind the verb, where people put it; unset there, it leaves the first one alone.
        verb.add_argument(
            "--debug", action="store_true", default=argparse.SUPPRESS, help="traceback"
        )
        module.add_arguments(verb)
        verb.set_defaults(run=module.run)
    return parser


if __name__ == "__main__":
    sys.exit(main())
